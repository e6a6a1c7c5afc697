package etesian.operators.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Optional;

/**
 * One part of what fine-tuning makes small. The loss is the sum of {@link #weight} times {@link
 * #of} over all terms: deviations from targets, or what needs no target at all, for instance the
 * residual of a law that a forecast should obey.
 */
public interface LossTerm extends AutoCloseable {

  /** Short, unique among the terms of a run: the key of its value in results and events. */
  String name();

  /** Factor of this term, above 0. */
  double weight();

  /**
   * What the term wants forecast in the place of the pairs: inputs that need no targets, for a term
   * that does without. Beside each input, as its {@code target}, stands whatever else the term
   * wants to know of it. Empty: the term looks at the forecasts of the pairs.
   */
  default Optional<Samples> windows() {
    return Optional.empty();
  }

  /**
   * @param scope owner of the result and of all intermediates
   * @param prediction of the operator, shape (batch, outputChannels, rows, columns)
   * @param batch what it was made from, and the targets; of {@link #windows} if there are any
   * @return a scalar, differentiable in the prediction
   */
  NDArray of(NDManager scope, NDArray prediction, Samples batch);

  /** Frees what the term holds outside the heap. */
  @Override
  default void close() {}

  /** The deviation from the targets, named {@code data}. */
  static LossTerm data(double weight, Loss loss) {
    return new DataTerm(weight, loss);
  }
}
