package etesian.operators.smnn;

/**
 * The constants of the rows that tie neighbouring points by their Taylor polynomials. With F[o,p] =
 * 1/(p-o)! for p at least o, and signs S = diag((-1)^o):
 *
 * <pre>  earlier = F'F + I,   later = S F'F S + I,   across = F + S F'S </pre>
 *
 * The central form drops the highest order from F and from I.
 */
final class Taylor {
  private final double[][] earlier;
  private final double[][] later;
  private final double[][] across;

  Taylor(int orders, boolean central) {
    earlier = new double[orders][orders];
    later = new double[orders][orders];
    across = new double[orders][orders];
    int matched = central ? orders - 1 : orders;
    double[][] f = new double[orders][orders];
    for (int o = 0; o < matched; o++) {
      f[o][o] = 1;
      for (int p = o + 1; p < orders; p++) {
        f[o][p] = f[o][p - 1] / (p - o);
      }
    }
    for (int o = 0; o < orders; o++) {
      for (int p = 0; p < orders; p++) {
        double gram = 0;
        for (int q = 0; q < orders; q++) {
          gram += f[q][o] * f[q][p];
        }
        double kept = o == p && o < matched ? 1 : 0;
        double sign = (o + p) % 2 == 0 ? 1 : -1;
        earlier[o][p] = gram + kept;
        later[o][p] = sign * gram + kept;
        across[o][p] = f[o][p] + sign * f[p][o];
      }
    }
  }

  /** By order of row and column. */
  double[][] earlier() {
    return earlier;
  }

  double[][] later() {
    return later;
  }

  /** Row: order at the later point, column: at the earlier. */
  double[][] across() {
    return across;
  }

  /** {@code slopes[o][p] = sign (o+p) constants[o,p]}, or of the transpose. */
  static double[][] slopes(double[][] constants, int sign, boolean transposed) {
    int orders = constants.length;
    double[][] slopes = new double[orders][orders];
    for (int o = 0; o < orders; o++) {
      for (int p = 0; p < orders; p++) {
        slopes[o][p] = sign * (o + p) * (transposed ? constants[p][o] : constants[o][p]);
      }
    }
    return slopes;
  }
}
