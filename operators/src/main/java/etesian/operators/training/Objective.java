package etesian.operators.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import etesian.operators.Devices;
import etesian.operators.Tensor;
import etesian.operators.TrainableOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A {@link Loss} with its weights off the heap, ready for many batches. */
final class Objective implements AutoCloseable {
  private static final int[] PER_SAMPLE = {1, 2, 3};
  private static final float TINY = 1e-12f; // keeps root and quotient differentiable at zero

  private final Loss loss;
  private final NDManager owner = Devices.newManager();
  private final List<Term> terms = new ArrayList<>();
  private final double sumOfWeights;

  /** A weighted square: of the values, or of their differences along an axis. */
  private record Term(Differences differences, NDArray weights) {
    NDArray of(NDArray u) {
      NDArray v = differences == null ? u : differences.of(u);
      return v.square().mul(weights).sum(PER_SAMPLE);
    }
  }

  Objective(Loss loss) {
    this.loss = loss;
    double sum = 0;
    for (float w : loss.weights()) {
      sum += w;
    }
    sumOfWeights = sum;
    try {
      terms.add(new Term(null, place(loss.weights())));
      if (loss.measure() == Loss.Measure.RELATIVE_H1) {
        Domain domain = loss.domain();
        addSlopes(new Differences(2, loss.rows(), domain.height(), domain.rowsWrap()));
        addSlopes(new Differences(3, loss.columns(), domain.width(), domain.columnsWrap()));
      }
    } catch (RuntimeException e) {
      owner.close();
      throw e;
    }
  }

  private void addSlopes(Differences differences) {
    float[] weights = differences.weights(loss.weights(), loss.columns());
    terms.add(new Term(differences, place(weights)));
  }

  private NDArray place(float[] weights) {
    return Devices.place(owner, new Tensor(weights, 1, 1, loss.rows(), loss.columns()));
  }

  /** Mean loss of an operator over pairs, at least one. */
  double over(TrainableOperator operator, Samples samples, int batchSize) {
    return Devices.withoutGradients(
        () -> {
          int[] order = IntStream.range(0, samples.size()).toArray();
          double sum = 0;
          for (int from = 0; from < order.length; from += batchSize) {
            int to = Math.min(order.length, from + batchSize);
            try (NDManager scope = Devices.newManager();
                NDScope temporaries = new NDScope()) {
              temporaries.suppressNotUsedWarning();
              Samples batch = samples.select(order, from, to);
              sum += (to - from) * of(scope, operator, batch).getFloat();
            }
          }
          return sum / order.length;
        });
  }

  /** Loss of one batch as the operator serves. */
  private NDArray of(NDManager scope, TrainableOperator operator, Samples batch) {
    return of(scope, operator.forward(scope, batch.input()), batch.target());
  }

  /** Loss of one batch in training, differentiable in the parameters of the operator. */
  NDArray inTraining(NDManager scope, TrainableOperator operator, Samples batch) {
    return of(scope, operator.forwardInTraining(scope, batch.input()), batch.target());
  }

  /**
   * @param prediction shape (batch, channels, rows, columns)
   * @param target same shape
   * @return a scalar, differentiable in the prediction
   */
  NDArray of(NDManager scope, NDArray prediction, Tensor target) {
    Shape shape = new Shape(target.shape());
    if (!prediction.getShape().equals(shape)) {
      throw new IllegalArgumentException(
          "prediction of shape " + prediction.getShape() + ", target of shape " + shape);
    }
    NDArray t = Devices.place(scope, withoutMissing(target));
    NDArray deviation = sum(prediction.sub(t));
    if (loss.measure() == Loss.Measure.MSE) {
      return deviation.div(Devices.number(deviation, sumOfWeights * shape.get(1))).mean();
    }
    return deviation.add(TINY).sqrt().div(sum(t).add(TINY).sqrt()).mean();
  }

  private NDArray sum(NDArray u) {
    NDArray sum = terms.get(0).of(u);
    for (Term term : terms.subList(1, terms.size())) {
      sum = sum.add(term.of(u));
    }
    return sum;
  }

  /** Missing targets become 0 where they have no weight; elsewhere they are an error. */
  private Tensor withoutMissing(Tensor target) {
    int columns = loss.columns();
    if (target.shape()[2] != loss.rows() || target.shape()[3] != columns) {
      throw new IllegalArgumentException(
          String.format("target %s, the loss is for %d x %d cells", target, loss.rows(), columns));
    }
    float[] weights = loss.weights();
    float[] values = target.values();
    for (int i = 0; i < values.length; i++) {
      if (Float.isNaN(values[i])) {
        int cell = i % weights.length;
        if (weights[cell] > 0) {
          throw new IllegalArgumentException(
              String.format(
                  "target is missing at row %d, column %d, where the loss has weight",
                  cell / columns, cell % columns));
        }
        if (values == target.values()) {
          values = values.clone();
        }
        values[i] = 0;
      }
    }
    return values == target.values() ? target : new Tensor(values, target.shape());
  }

  @Override
  public void close() {
    owner.close();
  }
}
