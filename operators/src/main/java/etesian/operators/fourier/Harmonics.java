package etesian.operators.fourier;

/**
 * Orthonormal associated Legendre functions with the phase of Condon and Shortley:
 *
 * <pre>
 *   P_00 = 1 / sqrt(4 pi);   P_mm = - sqrt((2m+1) / 2m) sin(theta) P_m-1,m-1
 *   P_lm = alpha cos(theta) P_l-1,m - beta P_l-2,m
 *   alpha^2 = (2l-1)(2l+1) / ((l-m)(l+m)),  beta^2 = (l+m-1)(l-m-1)(2l+1) / ((l-m)(l+m)(2l-3))
 * </pre>
 */
final class Harmonics {
  private Harmonics() {}

  /**
   * P_lm for all colatitudes.
   *
   * @return shape (orders, degrees, colatitudes), flat; 0 where m exceeds l
   */
  static double[] table(double[] colatitudes, int degrees, int orders) {
    int n = colatitudes.length;
    double[] table = new double[orders * degrees * n];
    for (int k = 0; k < n; k++) {
      double cos = Math.cos(colatitudes[k]);
      double sin = Math.sin(colatitudes[k]);
      double diagonal = 1 / Math.sqrt(4 * Math.PI);
      for (int m = 0; m < Math.min(orders, degrees); m++) {
        if (m > 0) {
          diagonal *= -Math.sqrt((2.0 * m + 1) / (2.0 * m)) * sin;
        }
        double before = 0;
        double value = diagonal;
        for (int l = m; l < degrees; l++) {
          if (l > m) {
            double span = (double) (l - m) * (l + m);
            double alpha = Math.sqrt((2.0 * l - 1) * (2.0 * l + 1) / span);
            double beta =
                l - m < 2
                    ? 0
                    : Math.sqrt(
                        (double) (l + m - 1)
                            * (l - m - 1)
                            * (2.0 * l + 1)
                            / (span * (2.0 * l - 3)));
            double next = alpha * cos * value - beta * before;
            before = value;
            value = next;
          }
          table[(m * degrees + l) * n + k] = value;
        }
      }
    }
    return table;
  }

  /** The table times the weights of the rows, to integrate with it. */
  static double[] weighted(double[] table, double[] weights) {
    double[] out = table.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] *= weights[i % weights.length];
    }
    return out;
  }

  /** Shape (orders, degrees, n) to (orders, n, degrees). */
  static double[] transposed(double[] table, int degrees, int n) {
    double[] out = new double[table.length];
    for (int i = 0; i < table.length; i++) {
      int order = i / (degrees * n);
      int degree = i / n % degrees;
      out[(order * n + i % n) * degrees + degree] = table[i];
    }
    return out;
  }
}
