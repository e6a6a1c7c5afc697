package etesian.ops.sample;

/** Nodes and weights of Gauss-Legendre quadrature over the sine of latitude, north first. */
final class GaussianLatitudes {
  private GaussianLatitudes() {}

  /** The sines, descending. */
  static double[] sines(int count) {
    double[] out = new double[count];
    for (int k = 0; k < count; k++) {
      double x = StrictMath.cos(StrictMath.PI * (k + 0.75) / (count + 0.5));
      for (int i = 0; i < 8; i++) { // Newton; quadratic, so 8 are more than enough
        double[] value = legendre(count, x);
        x -= value[0] / value[1];
      }
      out[k] = x;
    }
    return out;
  }

  /** The weights of {@link #sines}; their sum is 2. */
  static double[] weights(int count) {
    double[] out = sines(count);
    for (int k = 0; k < count; k++) {
      double slope = legendre(count, out[k])[1];
      out[k] = 2 / ((1 - out[k] * out[k]) * slope * slope);
    }
    return out;
  }

  /** P_n(x) and its derivative. */
  private static double[] legendre(int n, double x) {
    double before = 1;
    double now = x;
    for (int k = 2; k <= n; k++) {
      double next = ((2 * k - 1) * x * now - (k - 1) * before) / k;
      before = now;
      now = next;
    }
    return new double[] {now, n * (x * now - before) / (x * x - 1)};
  }
}
