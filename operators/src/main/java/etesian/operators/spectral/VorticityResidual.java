package etesian.operators.spectral;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * The vorticity w of an incompressible flow on the periodic unit square, over a time T that is 1 in
 * the basis (time, x, y); what {@link NavierStokes} solves:
 *
 * <pre>  R = w_t / T + v . grad w - nu Lap w - f,    v = (psi_y, -psi_x),    Lap psi = -w  </pre>
 *
 * @param duration T, above 0
 * @param nu viscosity
 * @param forcing f, in the same basis, for example with one mode in time; null for none
 * @param product of velocity and gradient
 * @param legacy even numbers of modes in x: the velocity keeps a share of the highest cosine of x,
 *     as in the published program
 */
public record VorticityResidual(
    double duration, double nu, Expansion forcing, Product product, boolean legacy)
    implements Residual {
  private static final List<Integer> SPACE = List.of(1, 2);

  /** Without force, free of aliasing. */
  public VorticityResidual(double duration, double nu) {
    this(duration, nu, null, Product.ALIAS_FREE, false);
  }

  public VorticityResidual {
    if (!(duration > 0) || !(nu >= 0)) {
      throw new IllegalArgumentException(
          "duration = " + duration + ", nu = " + nu + ", expected more than 0 and at least 0");
    }
  }

  @Override
  public Expansion of(Expansion w, Expansion phi) {
    Expansion wx = w.derivative(1, 1);
    Expansion wy = w.derivative(2, 1);
    Expansion diffusion = wx.derivative(1, 1).plus(wy.derivative(2, 1)).times(nu);
    Expansion sum =
        product
            .of(velocityX(w), wx)
            .plus(product.of(velocityY(w), wy))
            .plus(w.derivative(0, 1).times(1 / duration))
            .minus(diffusion);
    return forcing == null ? sum : sum.minus(forcing);
  }

  static Expansion streamFunction(Expansion w) {
    return w.inverseLaplacian(SPACE, List.of(1.0, 1.0)).times(-1);
  }

  static Expansion velocityX(Expansion w) {
    return streamFunction(w).derivative(2, 1);
  }

  Expansion velocityY(Expansion w) {
    Expansion psi = streamFunction(w);
    Expansion exact = psi.derivative(1, 1).times(-1);
    return legacy && w.modes(1) % 2 == 0 ? exact.plus(highestCosine(psi)) : exact;
  }

  /**
   * A complex transform gives the highest frequency n/2 of x the factor -i pi n, which a real
   * transform of y then takes for a phase: with a, s the coefficients of cos k y and -sin k y,
   * {@code a -> - pi n s, s -> pi n a}.
   */
  private static Expansion highestCosine(Expansion psi) {
    int nx = psi.modes(1);
    int ny = psi.modes(2);
    NDArray only =
        psi.transforms()
            .matrix(
                List.of("highest cosine", nx),
                () -> {
                  double[][] matrix = Matrices.zeros(nx, nx);
                  matrix[nx / 2][nx / 2] = Math.PI * nx;
                  return matrix;
                });
    NDArray turn =
        psi.transforms()
            .matrix(
                List.of("quarter turn", ny),
                () -> {
                  double[][] matrix = Matrices.zeros(ny, ny);
                  for (int k = 1; 2 * k < ny; k++) {
                    matrix[k][ny - k] = -1;
                    matrix[ny - k][k] = 1;
                  }
                  return matrix;
                });
    return psi.apply(1, only).apply(2, turn);
  }
}
