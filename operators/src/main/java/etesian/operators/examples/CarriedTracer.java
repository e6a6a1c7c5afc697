package etesian.operators.examples;

import etesian.operators.spectral.Axis;
import java.util.Arrays;
import java.util.Random;

/**
 * A tracer that a steady flow carries over a torus of n x n cells, and that spreads:
 *
 * <pre>
 *   c_t = - u c_x - v c_y + kappa Lap c,   u = U - psi_y,  v = V + psi_x,   c_0: smooth and random
 * </pre>
 *
 * with lengths in cells and times in steps. Spectral in space, Runge and Kutta's fourth order in
 * time, in float64.
 */
final class CarriedTracer {
  private static final int SUBSTEPS = 8;

  /** Waves of the initial field along each axis, at most. */
  private static final int WAVES = 4;

  private final int n;
  private final double kappa;
  private final double[][] d;
  private final double[][] dd;
  private final double[] u;
  private final double[] v;

  /**
   * @param meanU U, cells a step along the columns
   * @param meanV V, along the rows
   * @param eddies largest speed of psi's flow, whose cells are half a torus wide
   */
  CarriedTracer(int n, double meanU, double meanV, double eddies, double kappa) {
    this.n = n;
    this.kappa = kappa;
    d = perCell(Axis.FOURIER.differentiation(n, 1), 1.0 / n);
    dd = perCell(Axis.FOURIER.differentiation(n, 2), 1.0 / (n * n));
    u = new double[n * n];
    v = new double[n * n];
    double k = 2 * Math.PI / n;
    for (int i = 0; i < u.length; i++) { // psi = eddies / k sin(k x) sin(k y)
      int row = i / n;
      double x = k * (i % n);
      double y = k * row;
      u[i] = meanU - eddies * Math.sin(x) * Math.cos(y);
      v[i] = meanV + eddies * Math.cos(x) * Math.sin(y);
    }
  }

  private static double[][] perCell(double[][] matrix, double factor) {
    return Arrays.stream(matrix)
        .map(row -> Arrays.stream(row).map(value -> value * factor).toArray())
        .toArray(double[][]::new);
  }

  double[] u() {
    return u;
  }

  double[] v() {
    return v;
  }

  /** A field of mean 0 and variance 1, about. */
  double[] draw(Random random) {
    double[] field = new double[n * n];
    double variance = 0;
    for (int ky = -WAVES; ky <= WAVES; ky++) {
      for (int kx = 0; kx <= WAVES; kx++) {
        if (kx == 0 && ky <= 0) {
          continue;
        }
        double amplitude = 1 / (1 + 0.3 * (kx * kx + ky * ky));
        double phase = 2 * Math.PI * random.nextDouble();
        double drawn = amplitude * random.nextGaussian();
        variance += amplitude * amplitude / 2;
        for (int i = 0; i < field.length; i++) {
          field[i] += drawn * Math.cos(2 * Math.PI / n * (kx * (i % n) + ky * (i / n)) + phase);
        }
      }
    }
    double scale = 1 / Math.sqrt(variance);
    return Arrays.stream(field).map(value -> value * scale).toArray();
  }

  /** One step later. */
  double[] after(double[] c) {
    double h = 1.0 / SUBSTEPS;
    double[] now = c;
    for (int step = 0; step < SUBSTEPS; step++) {
      double[] k1 = tendency(now);
      double[] k2 = tendency(plus(now, h / 2, k1));
      double[] k3 = tendency(plus(now, h / 2, k2));
      double[] k4 = tendency(plus(now, h, k3));
      double[] next = now.clone();
      for (int i = 0; i < next.length; i++) {
        next[i] += h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
      }
      now = next;
    }
    return now;
  }

  private double[] tendency(double[] c) {
    double[] sum = new double[c.length];
    for (int row = 0; row < n; row++) {
      for (int column = 0; column < n; column++) {
        double cx = 0;
        double cy = 0;
        double laplacian = 0;
        for (int j = 0; j < n; j++) {
          double alongX = c[row * n + j];
          double alongY = c[j * n + column];
          cx += d[column][j] * alongX;
          cy += d[row][j] * alongY;
          laplacian += dd[column][j] * alongX + dd[row][j] * alongY;
        }
        int i = row * n + column;
        sum[i] = kappa * laplacian - u[i] * cx - v[i] * cy;
      }
    }
    return sum;
  }

  private static double[] plus(double[] a, double factor, double[] b) {
    double[] sum = a.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += factor * b[i];
    }
    return sum;
  }
}
