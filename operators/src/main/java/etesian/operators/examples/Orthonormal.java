package etesian.operators.examples;

import java.util.stream.IntStream;

/**
 * Some of the functions of a basis in orthonormal combinations. With their Gram matrix G = L L'
 * coefficients c and weights w of the combinations are
 *
 * <pre>  c = L'^-1 w,    w = L' c,    dF/dw = L^-1 dF/dc  </pre>
 */
final class Orthonormal {
  private final int size;
  private final int[] chosen;
  private final double[][] lower;

  /**
   * @param gram of the whole basis
   * @param alive which of its functions are combined
   */
  Orthonormal(double[][] gram, boolean[] alive) {
    size = alive.length;
    chosen = IntStream.range(0, size).filter(k -> alive[k]).toArray();
    int n = chosen.length;
    lower = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = gram[chosen[i]][chosen[j]];
        for (int k = 0; k < j; k++) {
          sum -= lower[i][k] * lower[j][k];
        }
        lower[i][j] = i == j ? Math.sqrt(sum) : sum / lower[j][j];
      }
    }
  }

  /** L' c. */
  double[] weights(double[] coefficients) {
    double[] weights = new double[chosen.length];
    for (int i = 0; i < weights.length; i++) {
      for (int k = i; k < weights.length; k++) {
        weights[i] += lower[k][i] * coefficients[chosen[k]];
      }
    }
    return weights;
  }

  /** L'^-1 w; zero for functions that are left out. */
  double[] coefficients(double[] weights) {
    double[] coefficients = new double[size];
    for (int i = weights.length - 1; i >= 0; i--) {
      double sum = weights[i];
      for (int k = i + 1; k < weights.length; k++) {
        sum -= lower[k][i] * coefficients[chosen[k]];
      }
      coefficients[chosen[i]] = sum / lower[i][i];
    }
    return coefficients;
  }

  /** L^-1 g. */
  double[] gradient(double[] byCoefficients) {
    double[] gradient = new double[chosen.length];
    for (int i = 0; i < gradient.length; i++) {
      double sum = byCoefficients[chosen[i]];
      for (int k = 0; k < i; k++) {
        sum -= lower[i][k] * gradient[k];
      }
      gradient[i] = sum / lower[i][i];
    }
    return gradient;
  }
}
