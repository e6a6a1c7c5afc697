package etesian.operators.spectral;

/** Small dense matrices by rows, in float64. */
final class Matrices {
  private Matrices() {}

  static double[][] zeros(int rows, int columns) {
    return new double[rows][columns];
  }

  static double[][] identity(int n) {
    double[][] matrix = zeros(n, n);
    for (int i = 0; i < n; i++) {
      matrix[i][i] = 1;
    }
    return matrix;
  }

  static double[][] product(double[][] a, double[][] b) {
    double[][] product = zeros(a.length, b[0].length);
    for (int i = 0; i < a.length; i++) {
      for (int k = 0; k < b.length; k++) {
        double factor = a[i][k];
        for (int j = 0; factor != 0 && j < b[k].length; j++) {
          product[i][j] += factor * b[k][j];
        }
      }
    }
    return product;
  }

  static double[] flat(double[][] matrix) {
    int columns = matrix[0].length;
    double[] flat = new double[matrix.length * columns];
    for (int i = 0; i < matrix.length; i++) {
      System.arraycopy(matrix[i], 0, flat, i * columns, columns);
    }
    return flat;
  }
}
