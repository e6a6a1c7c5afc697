package etesian.operators.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * Derivatives of periodic functions on a uniform grid, whose axes are the last ones of an array:
 * every frequency f of an axis of length L times (2 pi i f / L)^order, exact for what the grid can
 * show. Of the highest frequency of an even axis, which is its own conjugate, odd derivatives are
 * 0.
 */
public final class FourierDerivatives {
  private final double[] lengths;

  /**
   * @param lengths of the whole axes of space
   */
  public FourierDerivatives(double... lengths) {
    this.lengths = lengths.clone();
  }

  /** The derivative of an order along an axis of space, counted from 0. */
  public NDArray derivative(NDArray u, int axis, int order) {
    int at = u.getShape().dimension() - lengths.length + axis;
    int n = Math.toIntExact(u.getShape().get(at));
    int last = u.getShape().dimension() - 1;
    NDArray matrix = matrix(u.getManager(), n, lengths[axis], order, u.getDataType());
    NDArray lines = at == last ? u : u.swapAxes(at, last);
    NDArray result = lines.matMul(matrix.transpose());
    return at == last ? result : result.swapAxes(at, last);
  }

  /** The sum of all second derivatives. */
  public NDArray laplacian(NDArray u) {
    NDArray sum = derivative(u, 0, 2);
    for (int axis = 1; axis < lengths.length; axis++) {
      sum = sum.add(derivative(u, axis, 2));
    }
    return sum;
  }

  /** D[j][k] = 1/n Re sum_f (2 pi i f / L)^order exp(2 pi i f (j - k) / n): a circulant. */
  private static NDArray matrix(NDManager manager, int n, double length, int order, DataType type) {
    double[] first = new double[n];
    for (int j = 0; j < n; j++) {
      double sum = order == 0 ? 1 : 0;
      for (int f = 1; 2 * f <= n; f++) {
        double power = Math.pow(2 * Math.PI * f / length, order);
        double angle = 2 * Math.PI * ((long) f * j % n) / n;
        double wave = switch (order % 4) { // of the real part of i^order exp(i angle)
              case 0 -> Math.cos(angle);
              case 1 -> -Math.sin(angle);
              case 2 -> -Math.cos(angle);
              default -> Math.sin(angle);
            };
        boolean alone = 2 * f == n;
        sum += alone && order % 2 == 1 ? 0 : (alone ? 1 : 2) * power * wave;
      }
      first[j] = sum / n;
    }
    double[] matrix = new double[n * n];
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] = first[Math.floorMod(i / n - i % n, n)];
    }
    return manager.create(matrix, new Shape(n, n)).duplicate().toType(type, false);
  }
}
