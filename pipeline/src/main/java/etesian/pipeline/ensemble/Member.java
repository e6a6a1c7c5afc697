package etesian.pipeline.ensemble;

import java.util.ArrayList;
import java.util.List;

/**
 * One of the runs of an ensemble.
 *
 * @param behind steps that it has to go before it is where the others are
 * @param frames its newest frames, oldest first, each with all variables of the stream one after
 *     another, in their units; never written
 */
public record Member(int behind, List<float[]> frames) {
  public Member {
    frames = List.copyOf(frames);
  }

  /** The member after a step that gave these frames. */
  public Member after(List<float[]> next) {
    List<float[]> all = new ArrayList<>(frames);
    all.addAll(next);
    return new Member(Math.max(0, behind - next.size()), all.subList(next.size(), all.size()));
  }
}
