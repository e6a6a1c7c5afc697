package etesian.operators.fourier;

import java.util.Arrays;

/**
 * Rows of a grid on the sphere, from north to south, with weights q that integrate over the cosine
 * of the colatitude theta: their sum is 2.
 */
public enum SphereGrid {
  /** Rows on both poles, theta = pi k / (n - 1), weights of Clenshaw and Curtis. */
  EQUIANGULAR {
    @Override
    double[][] rule(int rows) {
      int n = rows - 1;
      double[][] rule = new double[2][rows];
      for (int k = 0; k < rows; k++) {
        double sum = 1;
        for (int j = 1; j <= n / 2; j++) {
          double twice = 2 * j == n ? 1 : 2;
          sum -= twice / (4.0 * j * j - 1) * Math.cos(2 * Math.PI * ((long) j * k % n) / n);
        }
        rule[0][k] = Math.PI * k / n;
        rule[1][k] = (k == 0 || k == n ? 1 : 2) * sum / n;
      }
      return rule;
    }
  },
  /** Rows at the nodes of Gauss and Legendre: exact for the highest degrees. */
  LEGENDRE_GAUSS {
    @Override
    double[][] rule(int rows) {
      double[][] rule = new double[2][rows];
      for (int k = 0; k < rows; k++) {
        double t = Math.cos(Math.PI * (k + 0.75) / (rows + 0.5)); // Newton converges from here
        double slope = 0;
        for (int step = 0; step < 8; step++) {
          double previous = 0;
          double value = 1;
          for (int i = 1; i <= rows; i++) {
            double next = ((2 * i - 1) * t * value - (i - 1) * previous) / i;
            previous = value;
            value = next;
          }
          slope = rows * (previous - t * value) / (1 - t * t);
          t -= value / slope;
        }
        rule[0][k] = Math.acos(t);
        rule[1][k] = 2 / ((1 - t * t) * slope * slope);
      }
      return rule;
    }
  },
  /**
   * Rows on both poles and at the extremes of a Legendre polynomial between them, weights of
   * Lobatto: exact for higher degrees than {@link #EQUIANGULAR}.
   */
  LOBATTO {
    @Override
    double[][] rule(int rows) {
      int n = rows - 1;
      double[][] rule = new double[2][rows];
      for (int k = 0; k < rows; k++) {
        double t = Math.cos(Math.PI * k / n); // Newton converges from here; the ends stay
        double value = 1;
        for (int step = 0; step < 20; step++) {
          double previous = 0;
          value = 1;
          for (int i = 1; i <= n; i++) {
            double next = ((2 * i - 1) * t * value - (i - 1) * previous) / i;
            previous = value;
            value = next;
          }
          t -= (t * value - previous) / (rows * value);
        }
        rule[0][k] = Math.acos(Math.max(-1, Math.min(1, t)));
        rule[1][k] = 2 / ((double) n * rows * value * value);
      }
      return rule;
    }
  },
  /**
   * Rows half a step from the poles, theta = pi (k + 1/2) / n, weights of Fejer: satellite and
   * reanalysis products of cells. The published program has no such grid.
   */
  CELL_CENTRES {
    @Override
    double[][] rule(int rows) {
      double[][] rule = new double[2][rows];
      for (int k = 0; k < rows; k++) {
        double theta = Math.PI * (k + 0.5) / rows;
        double sum = 1;
        for (int j = 1; j <= rows / 2; j++) {
          sum -= 2 / (4.0 * j * j - 1) * Math.cos(2 * j * theta);
        }
        rule[0][k] = theta;
        rule[1][k] = 2 * sum / rows;
      }
      return rule;
    }
  },
  /**
   * Rows on the grid of both poles, but without these two, theta = pi k / (n + 1) for k = 1 to n,
   * weights of Fejer's second rule: analyses of the ocean, whose caps are left out. The published
   * program has no such grid.
   */
  WITHOUT_POLES {
    @Override
    double[][] rule(int rows) {
      int n = rows + 1;
      double[][] rule = new double[2][rows];
      for (int k = 0; k < rows; k++) {
        double theta = Math.PI * (k + 1) / n;
        double sum = 0;
        for (int j = 1; j <= n / 2; j++) {
          sum += Math.sin((2 * j - 1) * theta) / (2 * j - 1);
        }
        rule[0][k] = theta;
        rule[1][k] = 4 * Math.sin(theta) / n * sum;
      }
      return rule;
    }
  };

  /** Colatitudes and weights. */
  abstract double[][] rule(int rows);

  /** Of the rows, in degrees north. */
  public double[] latitudes(int rows) {
    return Arrays.stream(rule(rows)[0]).map(theta -> 90 - Math.toDegrees(theta)).toArray();
  }

  /** Degrees that a grid can tell from each other, counted from 0. */
  public int degrees(int rows) {
    return switch (this) {
      case LEGENDRE_GAUSS -> rows;
      case LOBATTO -> rows - 1;
      case EQUIANGULAR, CELL_CENTRES, WITHOUT_POLES -> (rows + 1) / 2;
    };
  }
}
