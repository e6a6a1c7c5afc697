package etesian.pipeline.learn;

import etesian.operators.TrainableOperator;
import etesian.operators.training.HeldBack;
import etesian.operators.training.Loss;
import etesian.operators.training.Samples;
import etesian.pipeline.learn.ReplayBuffer.Window;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Keeps what an equation taught from doing harm: the newest fifth of the windows is held back from
 * the lesson, and an update that raises the loss on it is dropped. An equation that is wrong, or
 * too loud beside the data, costs a lesson and nothing else.
 */
final class Gate {
  private static final int SHARE = 5;

  private final List<Window> lesson;
  private final HeldBack heldBack; // null for a gate that is always open

  /**
   * @param shut whether anything is held back at all
   * @param windows of the lesson, oldest first
   * @param samples of windows
   */
  Gate(boolean shut, List<Window> windows, Function<List<Window>, Samples> samples, Loss loss) {
    int held = shut ? Math.max(1, windows.size() / SHARE) : 0;
    int learned = windows.size() - held;
    lesson = windows.subList(0, learned);
    heldBack =
        shut ? new HeldBack(samples.apply(windows.subList(learned, windows.size())), loss) : null;
  }

  /** The windows to learn from. */
  List<Window> lesson() {
    return lesson;
  }

  /** On what is held back; NaN when nothing is. */
  double loss(TrainableOperator operator) {
    return heldBack == null ? Double.NaN : heldBack.of(operator);
  }

  /**
   * Why an update is dropped, if it is.
   *
   * @param evidence takes the losses
   */
  Optional<String> dropped(double before, double after, Map<String, Double> evidence) {
    if (heldBack == null) {
      return Optional.empty();
    }
    evidence.put("held_back_windows", (double) heldBack.pairs().size());
    evidence.put("held_back_before", before);
    evidence.put("held_back_after", after);
    return HeldBack.raised(before, after)
        ? Optional.of(
            String.format(
                "with the equation the loss on %d windows held back rose from %.4g to %.4g: the"
                    + " update is dropped",
                heldBack.pairs().size(), before, after))
        : Optional.empty();
  }
}
