package etesian.ops.sample;

import java.util.Arrays;

/**
 * Spherical harmonics with triangular truncation at chosen latitudes, for real fields
 *
 * <pre>
 *   f(mu, lambda) = sum_m sum_n f_nm P_nm(mu) exp(i m lambda),   0 &lt;= |m| &lt;= n &lt;= truncation
 * </pre>
 *
 * with mu the sine of the latitude and the P_nm scaled so that the integral of P_nm^2 over mu is 1.
 * Coefficients are kept for m &gt;= 0, order after order: index {@link #at}.
 */
final class Harmonics {
  private final int truncation;
  private final int rows;
  private final int size;
  private final double[] p; // P_nm, shape (rows, size)
  private final double[] h; // (1 - mu^2) dP_nm/dmu, shape (rows, size)

  /**
   * @param sines of the latitudes
   */
  Harmonics(int truncation, double[] sines) {
    this.truncation = truncation;
    rows = sines.length;
    size = (truncation + 1) * (truncation + 2) / 2;
    p = new double[rows * size];
    h = new double[rows * size];
    for (int row = 0; row < rows; row++) {
      tabulate(row, sines[row]);
    }
  }

  private void tabulate(int row, double mu) {
    double pmm = StrictMath.sqrt(0.5);
    double cosine = StrictMath.sqrt(1 - mu * mu);
    double[] column = new double[truncation + 2]; // P_nm of one m; one n more for the derivative
    for (int m = 0; m <= truncation; m++) {
      if (m > 0) {
        pmm *= StrictMath.sqrt((2.0 * m + 1) / (2.0 * m)) * cosine;
      }
      Arrays.fill(column, 0);
      column[m] = pmm;
      for (int n = m + 1; n <= truncation + 1; n++) {
        double before = n - 2 >= m ? epsilon(n - 1, m) * column[n - 2] : 0;
        column[n] = (mu * column[n - 1] - before) / epsilon(n, m);
      }
      for (int n = m; n <= truncation; n++) {
        double below = n > m ? (n + 1) * epsilon(n, m) * column[n - 1] : 0;
        p[row * size + at(m, n)] = column[n];
        h[row * size + at(m, n)] = below - n * epsilon(n + 1, m) * column[n + 1];
      }
    }
  }

  private static double epsilon(int n, int m) {
    return StrictMath.sqrt(((double) n * n - (double) m * m) / (4.0 * n * n - 1));
  }

  /** Number of coefficients. */
  int size() {
    return size;
  }

  /** Where the coefficient of order m and degree n lies. */
  int at(int m, int n) {
    return m * (truncation + 1) - m * (m - 1) / 2 + (n - m);
  }

  /** P at (row, coefficient). */
  double p(int row, int index) {
    return p[row * size + index];
  }

  /** (1 - mu^2) dP/dmu at (row, coefficient). */
  double h(int row, int index) {
    return h[row * size + index];
  }

  /**
   * A field at its points.
   *
   * @param re real parts of the coefficients
   * @param im imaginary parts
   * @return shape (rows, columns)
   */
  double[] synthesis(double[] re, double[] im, int columns) {
    return sum(p, re, im, columns);
  }

  /** As {@link #synthesis}, of (1 - mu^2) df/dmu. */
  double[] slope(double[] re, double[] im, int columns) {
    return sum(h, re, im, columns);
  }

  private double[] sum(double[] functions, double[] re, double[] im, int columns) {
    Fourier fourier = new Fourier(columns);
    double[] out = new double[rows * columns];
    double[] x = new double[columns];
    double[] y = new double[columns];
    for (int row = 0; row < rows; row++) {
      Arrays.fill(x, 0);
      Arrays.fill(y, 0);
      for (int m = 0; m <= truncation; m++) {
        for (int n = m; n <= truncation; n++) {
          double f = functions[row * size + at(m, n)];
          x[m] += re[at(m, n)] * f;
          y[m] += im[at(m, n)] * f;
        }
        if (m > 0) { // the real part of the sum stands for m and -m
          x[m] *= 2;
          y[m] *= 2;
        }
      }
      fourier.transform(x, y, 1);
      System.arraycopy(x, 0, out, row * columns, columns);
    }
    return out;
  }
}
