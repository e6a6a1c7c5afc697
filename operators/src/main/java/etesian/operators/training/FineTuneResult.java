package etesian.operators.training;

import etesian.operators.Weights;
import java.util.Map;

/**
 * Where fine-tuning ended.
 *
 * @param weights of the operator now; those it began with when the run diverged
 * @param state all that the rest of the run depends on, for {@link FineTuner#tune}
 * @param steps taken, earlier sessions included
 * @param first value of each term, unweighted, at the first step of this session; {@code l2_sp} and
 *     {@code total} among them
 * @param last the same at the last step, before it was taken
 * @param largestGradient largest 2-norm of all gradients together, before clipping
 * @param ending why it ended
 */
public record FineTuneResult(
    Weights weights,
    Weights state,
    int steps,
    Map<String, Double> first,
    Map<String, Double> last,
    double largestGradient,
    Ending ending) {
  public FineTuneResult {
    first = Map.copyOf(first);
    last = Map.copyOf(last);
  }
}
