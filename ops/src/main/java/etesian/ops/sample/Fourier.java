package etesian.ops.sample;

/** Complex FFT of a fixed length that is a power of two; in place, radix 2, not normalised. */
final class Fourier {
  private final int length;
  private final double[] cos;
  private final double[] sin;
  private final int[] reversed;

  Fourier(int length) {
    this.length = length;
    cos = new double[length / 2];
    sin = new double[length / 2];
    for (int k = 0; k < length / 2; k++) {
      cos[k] = StrictMath.cos(2 * StrictMath.PI * k / length);
      sin[k] = StrictMath.sin(2 * StrictMath.PI * k / length);
    }
    reversed = new int[length];
    int bits = Integer.numberOfTrailingZeros(length);
    for (int k = 0; k < length; k++) {
      reversed[k] = Integer.reverse(k) >>> (32 - bits);
    }
  }

  /**
   * z_k becomes sum_j z_j exp(sign 2 pi i j k / length).
   *
   * @param sign -1 to wave numbers, +1 back to points
   */
  void transform(double[] re, double[] im, int sign) {
    for (int k = 0; k < length; k++) {
      int r = reversed[k];
      if (r > k) {
        double swap = re[k];
        re[k] = re[r];
        re[r] = swap;
        swap = im[k];
        im[k] = im[r];
        im[r] = swap;
      }
    }
    for (int half = 1; half < length; half *= 2) {
      int stride = length / (2 * half);
      for (int j = 0; j < half; j++) {
        double c = cos[j * stride];
        double s = sign * sin[j * stride];
        for (int a = j; a < length; a += 2 * half) {
          int b = a + half;
          double x = re[b] * c - im[b] * s;
          double y = re[b] * s + im[b] * c;
          re[b] = re[a] - x;
          im[b] = im[a] - y;
          re[a] += x;
          im[a] += y;
        }
      }
    }
  }
}
