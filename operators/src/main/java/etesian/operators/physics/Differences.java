package etesian.operators.physics;

/**
 * Derivatives on points that need not be evenly spaced: those of the polynomial through five
 * neighbours, of fourth order for the first derivative on even points and at least third for both.
 * Source: Fornberg, "Generation of finite difference formulas on arbitrarily spaced grids", 1988.
 */
final class Differences {
  /** Points to each side. */
  static final int REACH = 2;

  private Differences() {}

  /**
   * Shape (points, points); rows of zeros where neighbours are missing at an end.
   *
   * @param x ascending or descending
   * @param order 1 or 2
   */
  static double[][] within(double[] x, int order) {
    double[][] matrix = new double[x.length][x.length];
    for (int i = REACH; i < x.length - REACH; i++) {
      double[] nodes = new double[2 * REACH + 1];
      for (int j = 0; j < nodes.length; j++) {
        nodes[j] = x[i - REACH + j] - x[i];
      }
      System.arraycopy(weights(nodes, order), 0, matrix[i], i - REACH, nodes.length);
    }
    return matrix;
  }

  /** Shape (points, points), round the end. */
  static double[][] around(int points, double gap, int order) {
    double[] nodes = new double[2 * REACH + 1];
    for (int j = 0; j < nodes.length; j++) {
      nodes[j] = (j - REACH) * gap;
    }
    double[] weights = weights(nodes, order);
    double[][] matrix = new double[points][points];
    for (int i = 0; i < points; i++) {
      for (int j = 0; j < nodes.length; j++) {
        matrix[i][Math.floorMod(i + j - REACH, points)] += weights[j];
      }
    }
    return matrix;
  }

  /** Weights of the values at the nodes in the derivative of an order at 0. */
  static double[] weights(double[] nodes, int order) {
    double[][] weights = new double[order + 1][nodes.length];
    weights[0][0] = 1;
    double product = 1; // of nodes[i - 1] - nodes[j], j < i - 1
    for (int i = 1; i < nodes.length; i++) {
      double next = 1;
      for (int j = 0; j < i; j++) {
        double gap = nodes[i] - nodes[j];
        next *= gap;
        for (int k = order; k >= 0; k--) {
          if (j == i - 1) {
            double lower = k == 0 ? 0 : k * weights[k - 1][i - 1];
            weights[k][i] = product / next * (lower - nodes[i - 1] * weights[k][i - 1]);
          }
          double lower = k == 0 ? 0 : k * weights[k - 1][j];
          weights[k][j] = (nodes[i] * weights[k][j] - lower) / gap;
        }
      }
      product = next;
    }
    return weights[order];
  }
}
