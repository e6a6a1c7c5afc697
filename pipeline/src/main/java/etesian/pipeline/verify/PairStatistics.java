package etesian.pipeline.verify;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Optional;

/**
 * Sufficient statistics of pairs of forecast and observation: sums over times of weighted means
 * over cells. Those of two sets of pairs add up to those of the union, in any order; {@link
 * PairSums} does.
 *
 * @param pairs number of times
 * @param cells number of cells compared, over all times
 * @param squared squared errors
 * @param absolute absolute errors
 * @param error errors, forecast - observation
 * @param covariance products of the anomalies of forecast and observation
 * @param forecastVariance squared anomalies of the forecast
 * @param observedVariance squared anomalies of the observation
 * @param ensemble of the pairs whose forecast is an ensemble, whose mean the others are about
 */
record PairStatistics(
    long pairs,
    long cells,
    double squared,
    double absolute,
    double error,
    double covariance,
    double forecastVariance,
    double observedVariance,
    ReferenceStatistics persistence,
    ReferenceStatistics climatology,
    ReferenceStatistics damped,
    EnsembleStatistics ensemble) {

  static final PairStatistics NONE =
      new PairStatistics(
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          ReferenceStatistics.NONE,
          ReferenceStatistics.NONE,
          ReferenceStatistics.NONE);

  /** Of forecasts of one run. */
  PairStatistics(
      long pairs,
      long cells,
      double squared,
      double absolute,
      double error,
      double covariance,
      double forecastVariance,
      double observedVariance,
      ReferenceStatistics persistence,
      ReferenceStatistics climatology,
      ReferenceStatistics damped) {
    this(
        pairs,
        cells,
        squared,
        absolute,
        error,
        covariance,
        forecastVariance,
        observedVariance,
        persistence,
        climatology,
        damped,
        EnsembleStatistics.NONE);
  }

  /** The same of an ensemble. */
  PairStatistics with(EnsembleStatistics other) {
    return new PairStatistics(
        pairs,
        cells,
        squared,
        absolute,
        error,
        covariance,
        forecastVariance,
        observedVariance,
        persistence,
        climatology,
        damped,
        other);
  }

  /**
   * One pair, on the cells where forecast, observation and every reference that has something to
   * say all have a value.
   *
   * @param forecast shape (cells)
   * @param observed shape (cells)
   * @param weights of the cells
   * @return empty when no cell has all of them
   */
  static Optional<PairStatistics> of(
      float[] forecast, float[] observed, ReferenceFields references, double[] weights) {
    return of(forecast, observed, references, weights, Region.everywhere(weights.length));
  }

  /** The same in a region. */
  static Optional<PairStatistics> of(
      float[] forecast,
      float[] observed,
      ReferenceFields references,
      double[] weights,
      Region region) {
    float[] persistence = references.persistence();
    float[] climatology = references.climatology();
    float[] damped = references.damped();
    int cells = 0;
    double weight = 0;
    double squared = 0;
    double absolute = 0;
    double error = 0;
    double covariance = 0;
    double forecastVariance = 0;
    double observedVariance = 0;
    double persistenceSquared = 0;
    double climatologySquared = 0;
    double dampedSquared = 0;
    for (int cell : region.cells()) {
      if (!isCompared(forecast, observed, references, cell)) {
        continue;
      }
      double w = weights[cell];
      double truth = observed[cell];
      double e = forecast[cell] - truth;
      cells++;
      weight += w;
      squared += w * e * e;
      absolute += w * Math.abs(e);
      error += w * e;
      persistenceSquared += w * squaredError(persistence, cell, truth);
      dampedSquared += w * squaredError(damped, cell, truth);
      if (climatology != null) {
        double f = (double) forecast[cell] - climatology[cell];
        double o = truth - climatology[cell];
        covariance += w * f * o;
        forecastVariance += w * f * f;
        observedVariance += w * o * o;
        climatologySquared += w * o * o;
      }
    }
    if (!(weight > 0)) {
      return Optional.empty();
    }
    double mse = squared / weight;
    return Optional.of(
        new PairStatistics(
            1,
            cells,
            mse,
            absolute / weight,
            error / weight,
            covariance / weight,
            forecastVariance / weight,
            observedVariance / weight,
            reference(persistence, mse, persistenceSquared / weight),
            reference(climatology, mse, climatologySquared / weight),
            reference(damped, mse, dampedSquared / weight)));
  }

  /** Whether a cell has all that is compared. */
  static boolean isCompared(
      float[] forecast, float[] observed, ReferenceFields references, int cell) {
    return Float.isFinite(forecast[cell])
        && Float.isFinite(observed[cell])
        && speaks(references.persistence(), cell)
        && speaks(references.climatology(), cell)
        && speaks(references.damped(), cell);
  }

  private static boolean speaks(float[] reference, int cell) {
    return reference == null || Float.isFinite(reference[cell]);
  }

  private static double squaredError(float[] reference, int cell, double truth) {
    return reference == null ? 0 : (reference[cell] - truth) * (reference[cell] - truth);
  }

  private static ReferenceStatistics reference(float[] values, double mse, double referenceMse) {
    return values == null
        ? ReferenceStatistics.NONE
        : new ReferenceStatistics(1, mse, referenceMse);
  }

  /**
   * What is counted but for {@link #ensemble}, in an order that {@link #of(long[], double[])}
   * knows.
   */
  long[] counts() {
    return new long[] {pairs, cells, persistence.pairs(), climatology.pairs(), damped.pairs()};
  }

  /**
   * What is summed up but for {@link #ensemble}, in an order that {@link #of(long[], double[])}
   * knows.
   */
  double[] sums() {
    return new double[] {
      squared,
      absolute,
      error,
      covariance,
      forecastVariance,
      observedVariance,
      persistence.modelSquared(),
      persistence.referenceSquared(),
      climatology.modelSquared(),
      climatology.referenceSquared(),
      damped.modelSquared(),
      damped.referenceSquared()
    };
  }

  /** The statistics of {@link #counts} and {@link #sums}. */
  static PairStatistics of(long[] counts, double[] sums) {
    return new PairStatistics(
        counts[0],
        counts[1],
        sums[0],
        sums[1],
        sums[2],
        sums[3],
        sums[4],
        sums[5],
        new ReferenceStatistics(counts[2], sums[6], sums[7]),
        new ReferenceStatistics(counts[3], sums[8], sums[9]),
        new ReferenceStatistics(counts[4], sums[10], sums[11]));
  }

  double rmse() {
    return Math.sqrt(squared / pairs);
  }

  double mae() {
    return absolute / pairs;
  }

  double bias() {
    return error / pairs;
  }

  /** Anomaly correlation; null when an anomaly has no variance or no climatology is known. */
  Double acc() {
    double scale = Math.sqrt(forecastVariance) * Math.sqrt(observedVariance);
    return scale > 0 ? covariance / scale : null;
  }

  /** All but {@link #ensemble}. */
  void write(DataOutput out) throws IOException {
    out.writeLong(pairs);
    out.writeLong(cells);
    out.writeDouble(squared);
    out.writeDouble(absolute);
    out.writeDouble(error);
    out.writeDouble(covariance);
    out.writeDouble(forecastVariance);
    out.writeDouble(observedVariance);
    persistence.write(out);
    climatology.write(out);
    damped.write(out);
  }

  /** What {@link #write} wrote. */
  static PairStatistics read(DataInput in) throws IOException {
    return new PairStatistics(
        in.readLong(),
        in.readLong(),
        in.readDouble(),
        in.readDouble(),
        in.readDouble(),
        in.readDouble(),
        in.readDouble(),
        in.readDouble(),
        ReferenceStatistics.read(in),
        ReferenceStatistics.read(in),
        ReferenceStatistics.read(in));
  }
}
