package etesian.operators.spectral;

import java.util.Arrays;
import java.util.Random;

/**
 * Smooth random functions of zero mean and variance 1: Gaussian processes whose covariance is a
 * product of one kernel per axis, so that a sample is white noise times the Cholesky factor of each
 * axis in turn.
 */
public final class GaussianFields {
  /** Added to the variance: what makes the factor of a smooth kernel exist in float64. */
  private static final double NUGGET = 1e-9;

  private final double[][][] factors;

  private GaussianFields(double[][][] factors) {
    this.factors = factors;
  }

  /**
   * On the points j / n, periodic:
   *
   * <pre>  covariance = exp( - sum over axes of sin^2(pi d) / (2 length^2) )  </pre>
   */
  public static GaussianFields periodic(double length, int... points) {
    double[][][] factors = new double[points.length][][];
    for (int axis = 0; axis < points.length; axis++) {
      double[] x = Axis.FOURIER.points(points[axis]);
      factors[axis] = factor(x, length, d -> Math.sin(Math.PI * d));
    }
    return new GaussianFields(factors);
  }

  /**
   * On the Chebyshev points of the unit interval:
   *
   * <pre>  covariance = exp( - sum over axes of d^2 / (2 length^2) )  </pre>
   */
  public static GaussianFields chebyshev(double length, int... points) {
    double[][][] factors = new double[points.length][][];
    for (int axis = 0; axis < points.length; axis++) {
      factors[axis] = factor(Axis.CHEBYSHEV.points(points[axis]), length, d -> d);
    }
    return new GaussianFields(factors);
  }

  /** Samples that depend on the state of the random numbers alone, shape (samples, points...). */
  public double[] draw(int samples, Random random) {
    int size = Arrays.stream(factors).mapToInt(factor -> factor.length).reduce(1, (a, b) -> a * b);
    double[] fields = new double[samples * size];
    Arrays.setAll(fields, i -> random.nextGaussian());
    int inner = size;
    for (double[][] factor : factors) {
      inner /= factor.length;
      fields = along(fields, factor, inner);
    }
    return fields;
  }

  private static double[] along(double[] x, double[][] factor, int inner) {
    int n = factor.length;
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      int row = i / inner % n;
      int first = i - row * inner;
      for (int j = 0; j <= row; j++) {
        y[i] += factor[row][j] * x[first + j * inner];
      }
    }
    return y;
  }

  private interface Distance {
    double of(double difference);
  }

  /** Lower triangular L with L L' = covariance. */
  private static double[][] factor(double[] x, double length, Distance distance) {
    int n = x.length;
    double[][] l = Matrices.zeros(n, n);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double d = distance.of(x[i] - x[j]) / length;
        double sum = Math.exp(-d * d / 2) + (i == j ? NUGGET : 0);
        for (int k = 0; k < j; k++) {
          sum -= l[i][k] * l[j][k];
        }
        l[i][j] = i == j ? Math.sqrt(sum) : sum / l[j][j];
      }
    }
    return l;
  }
}
