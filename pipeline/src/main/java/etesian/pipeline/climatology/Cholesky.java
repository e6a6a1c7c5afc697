package etesian.pipeline.climatology;

/** Solution of a small symmetric positive definite system. */
final class Cholesky {
  private Cholesky() {}

  /** x with A x = b; A and b are left as they are. */
  static double[] solve(double[][] a, double[] b) {
    double[][] l = factor(a);
    double[] x = b.clone();
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < i; j++) {
        x[i] -= l[i][j] * x[j];
      }
      x[i] /= l[i][i];
    }
    for (int i = x.length - 1; i >= 0; i--) {
      for (int j = i + 1; j < x.length; j++) {
        x[i] -= l[j][i] * x[j];
      }
      x[i] /= l[i][i];
    }
    return x;
  }

  /** The lower triangle L with A = L L^T. */
  private static double[][] factor(double[][] a) {
    double[][] l = new double[a.length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = a[i][j];
        for (int k = 0; k < j; k++) {
          sum -= l[i][k] * l[j][k];
        }
        l[i][j] = i == j ? Math.sqrt(sum) : sum / l[j][j];
      }
    }
    return l;
  }
}
