package etesian.pipeline.verify;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Sufficient statistics of pairs of an ensemble and its observation: sums over times of weighted
 * means over cells; see {@link EnsembleErrors}. Those of two sets of pairs add up.
 *
 * @param pairs number of times; 0 for forecasts of one run
 * @param crps fair
 * @param crpsPlain of the step function that the members make
 * @param variance of the members
 * @param variancePredicted what the squared error of the mean should be: {@code (n + 1) / n} times
 *     the variance, as the mean of n members has an error of its own (Fortin et al., J.
 *     Hydrometeorol. 15, 2014)
 * @param squared squared errors of the mean
 */
record EnsembleStatistics(
    long pairs,
    double crps,
    double crpsPlain,
    double variance,
    double variancePredicted,
    double squared) {
  static final EnsembleStatistics NONE = new EnsembleStatistics(0, 0, 0, 0, 0, 0);

  /**
   * One pair, on the cells of {@link PairStatistics}.
   *
   * @param mean of the members, shape (cells)
   * @param observed shape (cells)
   * @param weights of the cells
   * @return {@link #NONE} when no cell is compared
   */
  static EnsembleStatistics of(
      EnsembleErrors errors,
      float[] mean,
      float[] observed,
      ReferenceFields references,
      double[] weights) {
    return of(errors, mean, observed, references, weights, Region.everywhere(weights.length));
  }

  /** The same in a region. */
  static EnsembleStatistics of(
      EnsembleErrors errors,
      float[] mean,
      float[] observed,
      ReferenceFields references,
      double[] weights,
      Region region) {
    double weight = 0;
    double crps = 0;
    double crpsPlain = 0;
    double variance = 0;
    double squared = 0;
    for (int cell : region.cells()) {
      if (PairStatistics.isCompared(mean, observed, references, cell)
          && Double.isFinite(errors.crps()[cell])) {
        double w = weights[cell];
        double error = (double) mean[cell] - observed[cell];
        weight += w;
        crps += w * errors.crps()[cell];
        crpsPlain += w * errors.crpsPlain()[cell];
        variance += w * errors.variance()[cell];
        squared += w * error * error;
      }
    }
    if (!(weight > 0)) {
      return NONE;
    }
    double n = errors.members();
    return new EnsembleStatistics(
        1,
        crps / weight,
        crpsPlain / weight,
        variance / weight,
        (n + 1) / n * variance / weight,
        squared / weight);
  }

  double meanCrps() {
    return crps / pairs;
  }

  double meanCrpsPlain() {
    return crpsPlain / pairs;
  }

  /** Root of the mean variance of the members. */
  double spread() {
    return Math.sqrt(variance / pairs);
  }

  /**
   * What the members say that the error is, over what it is: 1 for members that nothing tells from
   * the truth, less for too small a spread; null when the mean has no error.
   */
  Double spreadSkillRatio() {
    return squared > 0 ? Math.sqrt(variancePredicted / squared) : null;
  }

  /** What is summed up, in the order that {@link #of(long, double[])} takes. */
  double[] sums() {
    return new double[] {crps, crpsPlain, variance, variancePredicted, squared};
  }

  static EnsembleStatistics of(long pairs, double[] sums) {
    return new EnsembleStatistics(pairs, sums[0], sums[1], sums[2], sums[3], sums[4]);
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(pairs);
    for (double sum : sums()) {
      out.writeDouble(sum);
    }
  }

  static EnsembleStatistics read(DataInput in) throws IOException {
    return new EnsembleStatistics(
        in.readLong(),
        in.readDouble(),
        in.readDouble(),
        in.readDouble(),
        in.readDouble(),
        in.readDouble());
  }
}
