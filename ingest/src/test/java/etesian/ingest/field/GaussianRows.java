package etesian.ingest.field;

/** Latitudes of a Gaussian grid: arcsines of the roots of the Legendre polynomial of its degree. */
final class GaussianRows {
  private GaussianRows() {}

  /** North first, rounded to 1e-5 degrees as the reader of files does. */
  static double[] of(int rows) {
    double[] latitudes = new double[rows];
    for (int row = 0; row < rows; row++) {
      double x = Math.cos(Math.PI * (row + 0.75) / (rows + 0.5));
      for (int newton = 0; newton < 10; newton++) {
        double before = 0;
        double p = 1;
        for (int degree = 1; degree <= rows; degree++) {
          double next = ((2 * degree - 1) * x * p - (degree - 1) * before) / degree;
          before = p;
          p = next;
        }
        x -= p * (x * x - 1) / (rows * (x * p - before));
      }
      latitudes[row] = Math.rint(Math.toDegrees(Math.asin(x)) * 1e5) / 1e5;
    }
    return latitudes;
  }
}
