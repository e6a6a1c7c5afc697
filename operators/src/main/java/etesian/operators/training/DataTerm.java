package etesian.operators.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** A {@link Loss} as a term. */
final class DataTerm implements LossTerm {
  private final double weight;
  private final Objective objective;

  DataTerm(double weight, Loss loss) {
    this.weight = weight;
    objective = new Objective(loss);
  }

  @Override
  public String name() {
    return "data";
  }

  @Override
  public double weight() {
    return weight;
  }

  @Override
  public NDArray of(NDManager scope, NDArray prediction, Samples batch) {
    return objective.of(scope, prediction, batch.target());
  }

  @Override
  public void close() {
    objective.close();
  }
}
