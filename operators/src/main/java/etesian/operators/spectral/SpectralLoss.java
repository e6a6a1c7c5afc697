package etesian.operators.spectral;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import etesian.operators.Devices;
import java.util.Arrays;
import java.util.List;

/**
 * How large a residual is: the mean over the samples of
 *
 * <pre>  L = sum over coefficients of weight R^2  </pre>
 *
 * By Parseval's theorem this is an exact integral; no grid and no second differentiation is needed.
 */
public enum SpectralLoss {
  /** All weights 1, as published: equal to the integral within a factor of 2 per axis. */
  PLAIN,
  /**
   * The integral of R^2 over the box: over x along Fourier axes, by dx / (pi sqrt(x (1 - x))) along
   * Chebyshev axes.
   */
  PARSEVAL;

  /**
   * @param residual coefficients of shape (n_1, ..., n_d, ..., samples, channels); axes between the
   *     modes and the samples have the weight 1
   * @return a scalar
   */
  public NDArray of(Expansion residual) {
    NDArray coefficients = residual.coefficients();
    Basis basis = residual.basis();
    int axes = coefficients.getShape().dimension();
    if (axes < basis.dimensions() + 2) {
      throw new IllegalArgumentException(
          "a residual of shape "
              + coefficients.getShape()
              + ", expected the modes of "
              + basis
              + ", samples, channels");
    }
    NDArray squares = coefficients.square();
    if (this == PARSEVAL) {
      for (int axis = 0; axis < basis.dimensions(); axis++) {
        squares = squares.mul(weights(residual, axis));
      }
    }
    return squares.sum().div(Devices.number(squares, coefficients.getShape().get(axes - 2)));
  }

  private static NDArray weights(Expansion residual, int axis) {
    Axis kind = residual.basis().axes().get(axis);
    int n = residual.modes(axis);
    long[] shape = new long[residual.coefficients().getShape().dimension()];
    Arrays.fill(shape, 1);
    shape[axis] = n;
    return residual
        .transforms()
        .array(
            List.of("Parseval", kind, n, new Shape(shape)),
            new Shape(shape),
            () -> {
              double[] weights = new double[n];
              Arrays.setAll(weights, e -> kind.norm(e));
              return weights;
            });
  }
}
