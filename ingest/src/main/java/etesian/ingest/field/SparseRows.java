package etesian.ingest.field;

import java.util.Arrays;

/**
 * A sparse matrix: row i is one row or column of the destination, its entries say which rows or
 * columns of the source it takes, and with what weight. Weights of a row add up to the share of it
 * that the source covers, at most 1.
 */
final class SparseRows {
  private final int[] starts;
  private int[] sources;
  private double[] weights;

  /** Without entries yet. */
  SparseRows(int rows) {
    starts = new int[rows + 1];
    sources = new int[2 * rows];
    weights = new double[2 * rows];
  }

  /** A further entry of a row; rows are filled in order. */
  void add(int row, int source, double weight) {
    int at = starts[row + 1];
    if (at == sources.length) {
      sources = Arrays.copyOf(sources, 2 * at);
      weights = Arrays.copyOf(weights, 2 * at);
    }
    sources[at] = source;
    weights[at] = weight;
    Arrays.fill(starts, row + 1, starts.length, at + 1);
  }

  /** Index of the first entry of a row; of the end, for the number of rows. */
  int start(int row) {
    return starts[row];
  }

  int source(int entry) {
    return sources[entry];
  }

  double weight(int entry) {
    return weights[entry];
  }

  /** The largest sum of the weights of a row. */
  double largestSum() {
    double largest = 0;
    for (int row = 0; row + 1 < starts.length; row++) {
      double sum = 0;
      for (int entry = starts[row]; entry < starts[row + 1]; entry++) {
        sum += weights[entry];
      }
      largest = Math.max(largest, sum);
    }
    return largest;
  }

  /**
   * Weighted sums of the values that are there, and the sums of their weights.
   *
   * <pre>  sum[i] = sum_k w_ik v_k    weight[i] = sum_k w_ik    k: values that are not NaN </pre>
   */
  void apply(float[] values, double[] sum, double[] weight) {
    for (int row = 0; row < sum.length; row++) {
      double s = 0;
      double w = 0;
      for (int entry = starts[row]; entry < starts[row + 1]; entry++) {
        float value = values[sources[entry]];
        if (!Float.isNaN(value)) {
          s += weights[entry] * value;
          w += weights[entry];
        }
      }
      sum[row] = s;
      weight[row] = w;
    }
  }
}
