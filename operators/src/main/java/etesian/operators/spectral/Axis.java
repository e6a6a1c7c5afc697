package etesian.operators.spectral;

import java.util.Arrays;

/**
 * Functions of one variable x in [0, 1] as n coefficients. Everything that is done to them is a
 * matrix, in float64, that acts on the coefficients or on the values at the {@link #points}. For
 * the few dozen modes of a neural spectral method a matrix product is as fast as a fast transform,
 * and it is differentiable, batched and the same on every device.
 *
 * <p>Source: Du, Chalapathi, Krishnapriyan, "Neural Spectral Methods", ICLR 2024, section 3.
 */
public enum Axis {
  /**
   * Periodic functions; real coefficients, at the places of the half-complex order:
   *
   * <pre>
   *   u(x) = a_0 + sum_{1 <= k < n/2} [ a_k cos(2 pi k x) - s_k sin(2 pi k x) ]
   *              + (n even) a_{n/2} cos(pi n x)
   *   a_k lies at k, s_k at n - k; points x_j = j / n
   * </pre>
   */
  FOURIER {
    @Override
    public double[] points(int n) {
      double[] x = new double[n];
      Arrays.setAll(x, j -> (double) j / n);
      return x;
    }

    @Override
    double function(int n, int e, double x) {
      return e <= n / 2 ? Math.cos(2 * Math.PI * e * x) : -Math.sin(2 * Math.PI * (n - e) * x);
    }

    @Override
    double[][] transform(int n) {
      double[][] matrix = Matrices.zeros(n, n);
      for (int e = 0; e < n; e++) {
        double weight = (e == 0 || 2 * e == n ? 1.0 : 2.0) / n;
        for (int j = 0; j < n; j++) {
          matrix[e][j] = weight * function(n, e, (double) j / n);
        }
      }
      return matrix;
    }

    @Override
    double[][] derivative(int n, int order) {
      double[][] matrix = Matrices.zeros(n, n);
      matrix[0][0] = order == 0 ? 1 : 0;
      for (int k = 1; k <= n / 2; k++) {
        // (a + i s) (2 pi i k)^order; the sine of the highest frequency of an even n is lost
        double size = Math.pow(2 * Math.PI * k, order);
        double real = size * new double[] {1, 0, -1, 0}[Math.floorMod(order, 4)];
        double imaginary = size * new double[] {0, 1, 0, -1}[Math.floorMod(order, 4)];
        matrix[k][k] = real;
        if (2 * k < n) {
          matrix[k][n - k] = -imaginary;
          matrix[n - k][k] = imaginary;
          matrix[n - k][n - k] = real;
        }
      }
      return matrix;
    }

    /** Of the part without the mean; the integral has no mean either. */
    @Override
    double[][] integral(int n) {
      double[][] matrix = derivative(n, -1);
      matrix[0][0] = 0;
      return matrix;
    }

    @Override
    double[][] resize(int from, int to) {
      double[][] matrix = Matrices.zeros(to, from);
      int common = Math.min(from, to);
      for (int k = 0; k <= common / 2; k++) {
        matrix[k][k] = 1;
      }
      for (int k = 1; 2 * k < common; k++) {
        matrix[to - k][from - k] = 1;
      }
      return matrix;
    }

    @Override
    double[] uniform(int points) {
      return points(points);
    }

    @Override
    double[][] fromUniform(int points, int modes) {
      return Matrices.product(resize(points, modes), transform(points));
    }
  },

  /**
   * Functions on an interval, as polynomials:
   *
   * <pre>
   *   u(x) = sum_k c_k T_k(2 x - 1);   points x_j = (1 + cos(pi j / (n - 1))) / 2, from 1 to 0
   * </pre>
   */
  CHEBYSHEV {
    @Override
    public double[] points(int n) {
      double[] x = new double[n];
      Arrays.setAll(x, j -> (1 + Math.cos(Math.PI * j / (n - 1))) / 2);
      return x;
    }

    @Override
    double function(int n, int e, double x) {
      return Math.cos(e * Math.acos(Math.max(-1, Math.min(1, 2 * x - 1))));
    }

    @Override
    double[][] transform(int n) {
      double[][] matrix = Matrices.zeros(n, n);
      for (int k = 0; k < n; k++) {
        for (int j = 0; j < n; j++) {
          double weight = (k % (n - 1) == 0 ? 0.5 : 1) * (j % (n - 1) == 0 ? 0.5 : 1);
          matrix[k][j] = 2 * weight / (n - 1) * angle(n, k, j);
        }
      }
      return matrix;
    }

    private double angle(int n, int k, int j) {
      return Math.cos(Math.PI * ((long) k * j % (2L * n - 2)) / (n - 1));
    }

    @Override
    double[][] derivative(int n, int order) {
      double[][] once = Matrices.zeros(n, n);
      for (int i = 0; i < n; i++) {
        for (int j = i + 1; j < n; j += 2) {
          once[i][j] = 4.0 * j / (i == 0 ? 2 : 1);
        }
      }
      double[][] matrix = Matrices.identity(n);
      for (int i = 0; i < order; i++) {
        matrix = Matrices.product(once, matrix);
      }
      return matrix;
    }

    /** Without the constant, and without the polynomial of degree n that n modes do not hold. */
    @Override
    double[][] integral(int n) {
      double[][] matrix = Matrices.zeros(n, n);
      for (int i = 1; i < n; i++) {
        matrix[i][i - 1] = (i == 1 ? 2 : 1) / (4.0 * i);
        if (i + 1 < n) {
          matrix[i][i + 1] = -1 / (4.0 * i);
        }
      }
      return matrix;
    }

    @Override
    double[][] resize(int from, int to) {
      double[][] matrix = Matrices.zeros(to, from);
      for (int k = 0; k < Math.min(from, to); k++) {
        matrix[k][k] = 1;
      }
      return matrix;
    }

    @Override
    double[] uniform(int points) {
      double[] x = new double[points];
      Arrays.setAll(x, i -> (double) i / (points - 1));
      return x;
    }

    @Override
    double[][] fromUniform(int points, int modes) {
      if (points < 4) {
        throw new IllegalArgumentException(
            points + " points, an axis that is not periodic needs at least 4");
      }
      double[] at = points(modes);
      double[][] interpolation = Matrices.zeros(modes, points);
      for (int j = 0; j < modes; j++) {
        double x = at[j] * (points - 1);
        int first = Math.max(0, Math.min(points - 4, (int) Math.floor(x) - 1));
        for (int i = first; i < first + 4; i++) {
          double weight = 1;
          for (int other = first; other < first + 4; other++) {
            weight *= other == i ? 1 : (x - other) / (i - other);
          }
          interpolation[j][i] = weight;
        }
      }
      return Matrices.product(transform(modes), interpolation);
    }
  };

  /** Where n values determine the n coefficients. */
  public abstract double[] points(int n);

  /** The basis function of coefficient e, of n, at x. */
  abstract double function(int n, int e, double x);

  /** From values at the points to coefficients, shape (n, n). */
  abstract double[][] transform(int n);

  /** Shape (n, n). */
  abstract double[][] derivative(int n, int order);

  /** An antiderivative, shape (n, n). */
  abstract double[][] integral(int n);

  /** The common coefficients, zeros elsewhere; shape (to, from). */
  abstract double[][] resize(int from, int to);

  /** Coordinates of the cells of a grid: j / n if periodic, else n with both ends. */
  abstract double[] uniform(int points);

  /**
   * From the values of a grid to coefficients, shape (modes, points): Fourier by its transform,
   * with the highest modes cut where the grid has more points; Chebyshev by cubic interpolation to
   * its own points, as polynomials through equally spaced ones oscillate.
   */
  abstract double[][] fromUniform(int points, int modes);

  /**
   * Parseval's weight of coefficient e: the mean of its function's square, over x (Fourier) or by
   * the measure dx / (pi sqrt(x (1 - x))) (Chebyshev).
   */
  double norm(int e) {
    return e == 0 ? 1 : 0.5;
  }

  /**
   * The derivative of an order of the function through n values, from the values at the {@link
   * #points} to those of the derivative there, shape (n, n); per unit of x.
   */
  public double[][] differentiation(int n, int order) {
    return Matrices.product(inverse(n), Matrices.product(derivative(n, order), transform(n)));
  }

  /** Values at any x, shape (x, n). */
  double[][] evaluate(int n, double[] x) {
    double[][] matrix = Matrices.zeros(x.length, n);
    for (int i = 0; i < x.length; i++) {
      for (int e = 0; e < n; e++) {
        matrix[i][e] = function(n, e, x[i]);
      }
    }
    return matrix;
  }

  /** Values at the points, shape (n, n). */
  double[][] inverse(int n) {
    return evaluate(n, points(n));
  }

  /** k / steps for k = 1 to steps. */
  static double[] endsOfSteps(int steps) {
    double[] x = new double[steps];
    Arrays.setAll(x, k -> (k + 1.0) / steps);
    return x;
  }

  /** Fewest coefficients that this axis can have. */
  int fewest() {
    return this == FOURIER ? 1 : 2;
  }
}
