package etesian.operators.fourier;

/**
 * Matrices between the points of one axis and a few of its frequencies. The forward transform
 * divides by the number of points, so that a coefficient does not depend on the resolution. Real
 * and imaginary parts are rows or columns of their own: first all real ones.
 */
final class Waves {
  private Waves() {}

  /** Frequencies in rising order around zero; of an even number the lowest has no counterpart. */
  static int[] around(int count) {
    int[] frequencies = new int[count];
    for (int i = 0; i < count; i++) {
      frequencies[i] = i - count / 2;
    }
    return frequencies;
  }

  /** In rising order, of an odd number one more below zero than from zero on. */
  static int[] below(int count) {
    int[] frequencies = new int[count];
    for (int i = 0; i < count; i++) {
      frequencies[i] = i - (count + 1) / 2;
    }
    return frequencies;
  }

  /** Frequencies from zero on. */
  static int[] upwards(int count) {
    int[] frequencies = new int[count];
    for (int i = 0; i < count; i++) {
      frequencies[i] = i;
    }
    return frequencies;
  }

  /** X_f = scale sum_j x_j exp(-2 pi i f j / size); shape (2 frequencies, size). */
  static double[][] analysis(int[] frequencies, int size, double scale) {
    int k = frequencies.length;
    double[][] matrix = new double[2 * k][size];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < size; j++) {
        double angle = angle(frequencies[i], j, size);
        matrix[i][j] = scale * Math.cos(angle);
        matrix[k + i][j] = -scale * Math.sin(angle);
      }
    }
    return matrix;
  }

  /**
   * y_j = sum_f Y_f exp(2 pi i f j / to), complex, for an axis that is not the last; shape (to, 2
   * frequencies), see {@code fno.py}: rows (cosines, sines).
   */
  static double[][] synthesis(int[] frequencies, int from, int to, Placement placement) {
    int k = frequencies.length;
    double[][] matrix = new double[to][2 * k];
    for (int i = 0; i < k; i++) {
      int f = frequencies[i];
      boolean shown;
      if (placement == Placement.LEGACY) {
        f = Math.floorMod(f, from);
        shown = f < to;
      } else {
        shown = 2 * f >= -to && 2 * f < to;
      }
      for (int j = 0; shown && j < to; j++) {
        double angle = angle(f, j, to);
        matrix[j][i] = Math.cos(angle);
        matrix[j][k + i] = Math.sin(angle);
      }
    }
    return matrix;
  }

  /**
   * y_j = Re sum_f w_f Y_f exp(2 pi i f j / to) for the last axis, whose negative frequencies are
   * conjugates of the positive ones: w is 2, but 1 where a frequency is its own conjugate.
   *
   * @param clears whether the imaginary part of the highest frequency of the input is dropped for
   *     an even output, which the published layer does wherever that frequency goes
   */
  static double[][] realSynthesis(
      int count, int from, int to, Placement placement, boolean clears) {
    double[][] matrix = new double[to][2 * count];
    for (int f = 0; f < count && 2 * f <= to; f++) {
      boolean own = f == 0 || 2 * f == to || placement == Placement.EXACT && 2 * f == from;
      boolean real = clears && f == from / 2 && to % 2 == 0;
      for (int j = 0; j < to; j++) {
        double angle = angle(f, j, to);
        matrix[j][f] = (own ? 1 : 2) * Math.cos(angle);
        matrix[j][count + f] = real ? 0 : (own ? -1 : -2) * Math.sin(angle);
      }
    }
    return matrix;
  }

  private static double angle(int frequency, int j, int size) {
    return 2 * Math.PI * Math.floorMod((long) frequency * j, (long) size) / size;
  }
}
