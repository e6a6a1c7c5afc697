package etesian.operators.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import etesian.operators.Devices;
import etesian.operators.Tensor;
import java.util.Arrays;

/**
 * What training makes small, the mean over the samples of a batch of
 *
 * <pre>
 *   RELATIVE_L2:  |y - t| / |t|,            |u|^2 = sum w u^2
 *   RELATIVE_H1:  |y - t|_1 / |t|_1,        |u|_1^2 = sum w u^2 + w_r (D_r u)^2 + w_c (D_c u)^2
 *   MSE:          |y - t|^2 / ( channels sum w )
 * </pre>
 *
 * with sums over channels and cells, prediction y, target t and cell weights w. D_r and D_c are
 * first differences along rows and columns, {@link Differences} per unit of length of the {@link
 * Domain}; their weights are those of the cells, and 0 where a cell without weight takes part. As
 * both sides of a quotient have the same area of a cell, it cancels.
 *
 * <p>The H1 loss is that of NeuralOperator (Kossaifi and others, arXiv 2412.10354), whose sums go
 * over the cells of one channel.
 */
public final class Loss {
  /** How deviations are measured. */
  public enum Measure {
    RELATIVE_L2,
    /** Values and slopes: fronts and eddies count more than with values alone. */
    RELATIVE_H1,
    MSE
  }

  private final Measure measure;
  private final int rows;
  private final int columns;
  private final float[] weights;
  private final Domain domain;

  private Loss(Measure measure, int rows, int columns, float[] weights, Domain domain) {
    this.measure = measure;
    this.rows = rows;
    this.columns = columns;
    this.weights = weights;
    this.domain = domain;
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
    return new Loss(measure, rows, columns, weights, Domain.UNIT_SQUARE);
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
    return new Loss(measure, rows, columns, weights, Domain.UNIT_SQUARE);
  }

  /** The same on another domain than the unit square; only {@code RELATIVE_H1} knows of it. */
  public Loss on(Domain domain) {
    return new Loss(measure, rows, columns, weights, domain);
  }

  /**
   * The loss of predictions that need no operator, for instance persistence.
   *
   * @param prediction shape (n, channels, rows, columns), all samples at once
   * @param target same shape; NaN only where the loss has no weight
   */
  public double value(Tensor prediction, Tensor target) {
    return Devices.withoutGradients(
        () -> {
          try (NDManager scope = Devices.newManager();
              NDScope temporaries = new NDScope();
              Objective objective = new Objective(this)) {
            temporaries.suppressNotUsedWarning();
            NDArray y = Devices.place(scope, prediction);
            return (double) objective.of(scope, y, target).getFloat();
          }
        });
  }

  Measure measure() {
    return measure;
  }

  int rows() {
    return rows;
  }

  int columns() {
    return columns;
  }

  /** Shape (rows, columns); not to be changed. */
  float[] weights() {
    return weights;
  }

  Domain domain() {
    return domain;
  }
}
