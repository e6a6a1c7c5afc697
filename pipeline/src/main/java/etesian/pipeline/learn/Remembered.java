package etesian.pipeline.learn;

import etesian.pipeline.learn.ReplayBuffer.Shape;
import etesian.pipeline.learn.ReplayBuffer.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedSet;

/**
 * What a {@link ReplayBuffer} held at one moment. Immutable, for any thread: it has the order of
 * the fields for itself and shares the fields, which nobody writes. So the thread that takes fields
 * in only lists what there is; the windows, some hundred thousand of hourly fields, are made where
 * they are learned from.
 */
final class Remembered {
  private final Shape shape;
  private final long[] steps; // ascending
  private final List<float[]> fields; // of each
  private final int[] ends; // where in them each window has its last target

  /**
   * @param known fields by their step
   * @param drawn issue steps of windows that count wherever they lie
   * @param edge from which issue step on every window counts
   */
  Remembered(Shape shape, NavigableMap<Long, float[]> known, SortedSet<Long> drawn, long edge) {
    this.shape = shape;
    steps = new long[known.size()];
    float[][] values = new float[steps.length][];
    int[] found = new int[steps.length];
    int count = 0;
    Iterator<Long> sample = drawn.iterator();
    long next = next(sample);
    int following = 0; // fields without a gap, up to this one
    int at = 0;
    for (var entry : known.entrySet()) {
      steps[at] = entry.getKey();
      values[at] = entry.getValue();
      following = at > 0 && steps[at] == steps[at - 1] + 1 ? following + 1 : 1;
      long issue = steps[at] - shape.targets();
      while (next < issue) {
        next = next(sample);
      }
      if (following >= shape.span() && (issue >= edge || issue == next)) {
        found[count++] = at;
      }
      at++;
    }
    fields = List.of(values);
    ends = Arrays.copyOf(found, count);
  }

  private static long next(Iterator<Long> sample) {
    return sample.hasNext() ? sample.next() : Long.MAX_VALUE;
  }

  /** Number of {@link #windows}. */
  int size() {
    return ends.length;
  }

  /** All whole windows, oldest first. */
  List<Window> windows() {
    List<Window> windows = new ArrayList<>(ends.length);
    for (int end : ends) {
      windows.add(
          new Window(
              shape.timeOf(steps[end] - shape.targets()),
              fields.subList(end + 1 - shape.span(), end + 1)));
    }
    return windows;
  }
}
