package etesian.operators.spectral;

/**
 * Residuals of values on a uniform grid with both ends of every axis, by second-order differences:
 * central inside, one-sided at the ends, second derivatives by two first ones. The check that does
 * not use the spectral basis, and the loss of the published baseline.
 */
public final class FiniteDifferences {
  private FiniteDifferences() {}

  /**
   * -Lap u = s, both of shape (rows, columns), zero boundary.
   *
   * @return s + Lap u, same shape
   */
  public static double[] poisson(double[] u, double[] s, int rows, int columns) {
    int[] shape = {rows, columns};
    double[] residual = s.clone();
    for (int axis = 0; axis < 2; axis++) {
      add(residual, 1, slope(slope(u, shape, axis), shape, axis));
    }
    return residual;
  }

  /**
   * The same, periodic: the five-point stencil, without the last row and column, which repeat the
   * first.
   *
   * @return shape (rows - 1, columns - 1)
   */
  public static double[] poissonPeriodic(double[] u, double[] s, int rows, int columns) {
    int n = rows - 1;
    int m = columns - 1;
    double[] residual = new double[n * m];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < m; j++) {
        double middle = u[i * columns + j];
        double down = u[(i + 1) % n * columns + j] + u[(i + n - 1) % n * columns + j];
        double across = u[i * columns + (j + 1) % m] + u[i * columns + (j + m - 1) % m];
        residual[i * m + j] =
            s[i * columns + j] + (down - 2 * middle) * n * n + (across - 2 * middle) * m * m;
      }
    }
    return residual;
  }

  /** {@link ReactionDiffusion}, shape (times, points). */
  public static double[] reactionDiffusion(
      ReactionDiffusion equation, double[] u, int times, int points) {
    int[] shape = {times, points};
    double[] residual = slope(u, shape, 0);
    add(residual, -equation.nu(), slope(slope(u, shape, 1), shape, 1));
    for (int i = 0; i < u.length; i++) {
      residual[i] -= equation.rho() * u[i] * (1 - u[i]);
    }
    return residual;
  }

  /**
   * {@link VorticityResidual} without force.
   *
   * @param w vorticity, shape (times, nx, ny)
   * @param vx velocity along x, same shape
   * @param vy velocity along y, same shape
   */
  public static double[] vorticity(
      double duration, double nu, double[] w, double[] vx, double[] vy, int[] shape) {
    double[] residual = new double[w.length];
    add(residual, 1 / duration, slope(w, shape, 0));
    double[] wx = slope(w, shape, 1);
    double[] wy = slope(w, shape, 2);
    for (int i = 0; i < w.length; i++) {
      residual[i] += vx[i] * wx[i] + vy[i] * wy[i];
    }
    add(residual, -nu, slope(wx, shape, 1));
    add(residual, -nu, slope(wy, shape, 2));
    return residual;
  }

  private static void add(double[] sum, double factor, double[] values) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += factor * values[i];
    }
  }

  /** The first derivative along one axis of length 1. */
  private static double[] slope(double[] u, int[] shape, int axis) {
    int stride = 1;
    for (int i = axis + 1; i < shape.length; i++) {
      stride *= shape[i];
    }
    int n = shape[axis];
    double[] slope = new double[u.length];
    for (int i = 0; i < u.length; i++) {
      int at = i / stride % n;
      int before = at == 0 ? 0 : 1;
      int after = at == n - 1 ? 0 : 1;
      slope[i] = (u[i + after * stride] - u[i - before * stride]) * (n - 1) / (before + after);
    }
    return slope;
  }
}
