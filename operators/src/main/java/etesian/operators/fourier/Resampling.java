package etesian.operators.fourier;

/** Matrices (to, from) that bring the values of one axis onto another number of points. */
final class Resampling {
  private static final double CUBIC = -0.75; // as libtorch

  private Resampling() {}

  /** By lines between neighbours; first and last points stay. */
  static double[][] linear(int from, int to) {
    double[][] matrix = new double[to][from];
    for (int i = 0; i < to; i++) {
      double x = at(i, from, to);
      int below = Math.min((int) x, from - 1);
      matrix[i][below] += 1 - (x - below);
      matrix[i][Math.min(below + 1, from - 1)] += x - below;
    }
    return matrix;
  }

  /** By cubic polynomials of four neighbours; first and last points stay. */
  static double[][] cubic(int from, int to) {
    double[][] matrix = new double[to][from];
    for (int i = 0; i < to; i++) {
      double x = at(i, from, to);
      int below = (int) x;
      for (int j = below - 1; j <= below + 2; j++) {
        matrix[i][Math.max(0, Math.min(j, from - 1))] += kernel(Math.abs(x - j));
      }
    }
    return matrix;
  }

  /** By waves, of an axis that goes round; points j / n. */
  static double[][] periodic(int from, int to) {
    double[][] matrix = new double[to][from];
    int least = Math.min(from, to);
    for (int i = 0; i < to; i++) {
      for (int j = 0; j < from; j++) {
        double phase = 2 * Math.PI * ((double) i / to - (double) j / from);
        double sum = 1;
        for (int f = 1; 2 * f <= least; f++) {
          sum += (2 * f == least ? 1 : 2) * Math.cos(f * phase);
        }
        matrix[i][j] = sum / from;
      }
    }
    return matrix;
  }

  private static double at(int i, int from, int to) {
    return to == 1 ? 0 : i * ((double) (from - 1) / (to - 1));
  }

  private static double kernel(double t) {
    if (t <= 1) {
      return ((CUBIC + 2) * t - (CUBIC + 3)) * t * t + 1;
    }
    return t < 2 ? ((CUBIC * t - 5 * CUBIC) * t + 8 * CUBIC) * t - 4 * CUBIC : 0;
  }
}
