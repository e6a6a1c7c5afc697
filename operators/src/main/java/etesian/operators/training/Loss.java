package etesian.operators.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import etesian.operators.Tensor;
import java.util.Arrays;

/**
 * What training makes small, the mean over the samples of a batch of
 *
 * <pre>
 *   RELATIVE_L2:  sqrt( sum w (y - t)^2 ) / sqrt( sum w t^2 )
 *   MSE:          sum w (y - t)^2 / ( channels sum w )
 * </pre>
 *
 * with sums over channels and cells, prediction y, target t and cell weights w.
 */
public final class Loss {
  /** How deviations are measured. */
  public enum Measure {
    RELATIVE_L2,
    MSE
  }

  private static final float TINY = 1e-12f; // keeps root and quotient differentiable at zero

  private final Measure measure;
  private final int rows;
  private final int columns;
  private final float[] weights;

  private Loss(Measure measure, int rows, int columns, float[] weights) {
    this.measure = measure;
    this.rows = rows;
    this.columns = columns;
    this.weights = weights;
    float sum = 0;
    for (float w : weights) {
      if (!(w >= 0) || Float.isInfinite(w)) {
        throw new IllegalArgumentException("a cell weight is " + w + ", expected finite and >= 0");
      }
      sum += w;
    }
    if (sum == 0) {
      throw new IllegalArgumentException("all cell weights are 0: nothing would be learned");
    }
  }

  /** Every cell counts alike. */
  public static Loss uniform(Measure measure, int rows, int columns) {
    float[] weights = new float[rows * columns];
    Arrays.fill(weights, 1);
    return new Loss(measure, rows, columns, weights);
  }

  /**
   * Cells count by their row, and only where the mask says so.
   *
   * @param rowWeights one per row, at least 0; for instance areas
   * @param mask shape (rows, columns), true where a cell counts
   */
  public static Loss weighted(Measure measure, float[] rowWeights, boolean[] mask) {
    int rows = rowWeights.length;
    if (rows == 0 || mask.length % rows != 0) {
      throw new IllegalArgumentException(
          "a mask of " + mask.length + " cells does not have " + rows + " rows");
    }
    int columns = mask.length / rows;
    float[] weights = new float[mask.length];
    for (int i = 0; i < mask.length; i++) {
      weights[i] = mask[i] ? rowWeights[i / columns] : 0;
    }
    return new Loss(measure, rows, columns, weights);
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
    NDArray t = scope.create(withoutMissing(target), shape);
    NDArray w = scope.create(weights, new Shape(1, 1, rows, columns));
    int[] perSample = {1, 2, 3};
    NDArray squares = prediction.sub(t).square().mul(w).sum(perSample);
    if (measure == Measure.MSE) {
      return squares.mean().div(w.sum().mul(shape.get(1)));
    }
    NDArray size = t.square().mul(w).sum(perSample);
    return squares.add(TINY).sqrt().div(size.add(TINY).sqrt()).mean();
  }

  /** Missing targets become 0 where they have no weight; elsewhere they are an error. */
  private float[] withoutMissing(Tensor target) {
    if (target.shape()[2] != rows || target.shape()[3] != columns) {
      throw new IllegalArgumentException(
          String.format("target %s, the loss is for %d x %d cells", target, rows, columns));
    }
    float[] values = target.values().clone();
    for (int i = 0; i < values.length; i++) {
      if (Float.isNaN(values[i])) {
        int cell = i % weights.length;
        if (weights[cell] > 0) {
          throw new IllegalArgumentException(
              String.format(
                  "target is missing at row %d, column %d, where the loss has weight",
                  cell / columns, cell % columns));
        }
        values[i] = 0;
      }
    }
    return values;
  }
}
