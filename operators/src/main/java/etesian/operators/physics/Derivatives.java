package etesian.operators.physics;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import etesian.operators.Devices;
import java.util.Arrays;

/**
 * A {@link Surface} off the heap, float64: derivatives of arrays of shape (batch, rows, columns).
 */
final class Derivatives implements AutoCloseable {
  private final NDManager owner = Devices.newManager();
  private final NDArray x; // (columns, columns), transposed
  private final NDArray xx;
  private final NDArray y; // (rows, rows)
  private final NDArray yy;
  private final NDArray stretch; // (rows, 1)
  private final NDArray stretchSquare;
  private final NDArray beta; // (rows, 1)
  private final NDArray weights; // (rows, columns)

  /**
   * @param depth of derivatives of derivatives
   */
  Derivatives(Surface surface, int depth) {
    try {
      x = place(transposed(surface.alongX(1)));
      xx = place(transposed(surface.alongX(2)));
      y = place(surface.alongY(1));
      yy = place(surface.alongY(2));
      stretch = place(column(surface.stretch()));
      stretchSquare = stretch.square();
      beta = place(column(surface.beta()));
      double[] flat = surface.weights(depth);
      double[][] cells = new double[surface.rows()][];
      Arrays.setAll(
          cells,
          row -> Arrays.copyOfRange(flat, row * surface.columns(), (row + 1) * surface.columns()));
      weights = place(cells);
    } catch (RuntimeException e) {
      owner.close();
      throw e;
    }
  }

  NDArray x(NDArray c) {
    return c.matMul(x).mul(stretch);
  }

  NDArray y(NDArray c) {
    return along(y, c);
  }

  NDArray laplacian(NDArray c) {
    return c.matMul(xx).mul(stretchSquare).add(along(yy, c));
  }

  /** Times the northward derivative of the Coriolis parameter. */
  NDArray timesBeta(NDArray c) {
    return c.mul(beta);
  }

  /** Weighted mean over the cells, shape (batch). */
  NDArray mean(NDArray c) {
    return c.mul(weights).sum(new int[] {1, 2});
  }

  private static NDArray along(NDArray matrix, NDArray c) {
    NDArray product = matrix.matMul(c);
    product.attach(c.getManager()); // not to the long-lived owner of the matrix
    return product;
  }

  private NDArray place(double[][] matrix) {
    double[] flat = Arrays.stream(matrix).flatMapToDouble(Arrays::stream).toArray();
    try (NDArray borrowed = owner.create(flat, new Shape(matrix.length, matrix[0].length))) {
      return borrowed.duplicate();
    }
  }

  private static double[][] column(double[] values) {
    return Arrays.stream(values).mapToObj(value -> new double[] {value}).toArray(double[][]::new);
  }

  private static double[][] transposed(double[][] matrix) {
    double[][] result = new double[matrix[0].length][matrix.length];
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < result.length; j++) {
        result[j][i] = matrix[i][j];
      }
    }
    return result;
  }

  @Override
  public void close() {
    owner.close();
  }
}
