package etesian.ops.study;

import java.util.Arrays;

/** How wrong forecasts were, by issue time and lead, so that any span can be asked for. */
final class Errors {
  private final double[][] squares; // sums over cells, by position of the issue time, by lead
  private final double[][] weights;

  Errors(int times, int leads) {
    squares = new double[times][leads];
    weights = new double[times][leads];
  }

  void add(int at, int lead, double square, double weight) {
    squares[at][lead] += square;
    weights[at][lead] += weight;
  }

  /** Mean square errors by lead of the issue times from (inclusive) to (exclusive). */
  double[] mse(int from, int to) {
    double[] mse = new double[squares.length == 0 ? 0 : squares[0].length];
    for (int lead = 0; lead < mse.length; lead++) {
      double square = 0;
      double weight = 0;
      for (int at = from; at < to; at++) {
        square += squares[at][lead];
        weight += weights[at][lead];
      }
      mse[lead] = square / weight;
    }
    return mse;
  }

  /** Their square roots, in the unit of the variable. */
  double[] rmse(int from, int to) {
    return Arrays.stream(mse(from, to)).map(Math::sqrt).toArray();
  }
}
