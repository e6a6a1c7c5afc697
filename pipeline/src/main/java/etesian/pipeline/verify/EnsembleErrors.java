package etesian.pipeline.verify;

import java.util.Arrays;
import java.util.List;

/**
 * Errors of an ensemble in each cell, shape (cells); NaN where a member or the observation is
 * missing. With members x_1 to x_n and the observation y,
 *
 * <pre>
 *   crps      = mean_i |x_i - y| - sum_i sum_j |x_i - x_j| / (2 n (n - 1))
 *   crpsPlain = mean_i |x_i - y| - sum_i sum_j |x_i - x_j| / (2 n^2)
 *   variance  = sum_i (x_i - mean)^2 / (n - 1)
 * </pre>
 *
 * <ul>
 *   <li>crps: fair, so that its expectation does not depend on the number of members (Ferro, Q. J.
 *       R. Meteorol. Soc. 140, 2014; WeatherBench 2, Rasp et al. 2024). It may be negative
 *   <li>crpsPlain: of the step function that the members make (Hersbach, Weather and Forecasting
 *       15, 2000); never negative, of one member the absolute error
 * </ul>
 *
 * crps and variance are NaN for a single member.
 *
 * @param members number of members
 */
record EnsembleErrors(int members, double[] crps, double[] crpsPlain, double[] variance) {

  /**
   * @param members values of each, shape (cells), at least one
   * @param observed shape (cells)
   */
  static EnsembleErrors of(List<float[]> members, float[] observed) {
    int n = members.size();
    int cells = observed.length;
    EnsembleErrors errors =
        new EnsembleErrors(n, new double[cells], new double[cells], new double[cells]);
    double[] differences = new double[n];
    for (int cell = 0; cell < cells; cell++) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        differences[i] = (double) members.get(i)[cell] - observed[cell];
        sum += differences[i];
      }
      if (Double.isFinite(sum)) {
        errors.put(cell, differences, sum / n);
      } else {
        errors.crps[cell] = Double.NaN;
        errors.crpsPlain[cell] = Double.NaN;
        errors.variance[cell] = Double.NaN;
      }
    }
    return errors;
  }

  /** Members minus observation in a cell, and their mean. */
  private void put(int cell, double[] differences, double mean) {
    double n = differences.length;
    Arrays.sort(differences);
    double absolute = 0;
    double apart = 0; // sum over pairs i < j of |x_i - x_j|
    double squares = 0;
    for (int i = 0; i < differences.length; i++) {
      double d = differences[i];
      absolute += Math.abs(d);
      apart += (2 * i + 1 - n) * (d - mean);
      squares += (d - mean) * (d - mean);
    }
    crps[cell] = absolute / n - apart / (n * (n - 1));
    crpsPlain[cell] = absolute / n - apart / (n * n);
    variance[cell] = squares / (n - 1);
  }
}
