package etesian.operators.smnn;

import etesian.operators.Weights;
import java.util.Arrays;

/**
 * Teaches a fitted mechanism what depends on the hour: a {@link DailyCorrection} by ridge
 * regression, shrunk twice, each phase of the day towards all of them and all towards the mechanism
 * itself. Everything is a solve of small linear systems ({@link DailyMoments}), so nothing is drawn
 * and nothing diverges. The strength of the ridge is chosen for each lead on the validation
 * windows; the weights are then those of all windows.
 */
public final class DailyCorrectionTrainer {
  private static final int PATTERNS = 8;

  /** Inputs of a regression: of a longer history fewer patterns count. */
  private static final int MOST_INPUTS = 512;

  private static final double[] RIDGES = {0.01, 0.03, 0.1, 0.3, 1, 3};
  private static final double WORTHWHILE = 0.005;

  private DailyCorrectionTrainer() {}

  /**
   * Fields and their hours.
   *
   * @param series standardised anomalies, [time][cell]; no NaN where a weight is positive
   * @param cellWeights one for each cell, 0 leaves a cell out
   * @param phaseOf phase of the day of each time, 0 to phases - 1; 0 begins at midnight UTC
   * @param phases of a day, at least 2
   */
  public record Hours(float[][] series, double[] cellWeights, int[] phaseOf, int phases) {
    public Hours {
      if (phases < 2 || series.length != phaseOf.length) {
        throw new IllegalArgumentException(
            String.format(
                "%d phases of a day and %d of %d times: expected at least 2, and one for each",
                phases, phaseOf.length, series.length));
      }
    }
  }

  /**
   * What it came to.
   *
   * @param weights for {@link MechanisticForecaster#of(Weights)}
   * @param worthwhile whether the correction takes more from the square error in the validation
   *     windows than luck would
   * @param ratio mean over the leads of that error with correction to that without
   */
  public record Result(Weights weights, boolean worthwhile, double ratio) {}

  /**
   * @param start its mechanism is what is corrected; an encoder is left out
   * @param training indices at which windows of history + horizon contiguous times begin
   * @param validation the same, later ones; at least one
   */
  public static Result train(
      MechanisticForecaster start, Hours hours, int[] training, int[] validation) {
    int horizon = start.outputChannels();
    double[][] response = new Response(start.mechanism(), start.history(), horizon).matrix();
    int most = Math.max(1, Math.min(PATTERNS, MOST_INPUTS / start.history()));
    Patterns patterns = Patterns.leading(seen(hours.series(), training), hours.cellWeights(), most);
    double[][] amplitudes = amplitudes(patterns, hours.series());
    DailyMoments past = moments(amplitudes, hours, training, response);
    DailyMoments judge = moments(amplitudes, hours, validation, response);
    double[] without = judge.left(null);
    double[] least = new double[horizon];
    double[] ridge = new double[horizon];
    Arrays.fill(least, Double.POSITIVE_INFINITY);
    for (double strength : RIDGES) {
      double[] left = judge.left(past.fit(strength));
      for (int lead = 0; lead < horizon; lead++) {
        if (left[lead] < least[lead]) {
          least[lead] = left[lead];
          ridge[lead] = strength;
        }
      }
    }
    double ratio = 0;
    for (int lead = 0; lead < horizon; lead++) {
      ratio += least[lead] / without[lead] / horizon;
    }
    int[] all = Arrays.copyOf(training, training.length + validation.length);
    System.arraycopy(validation, 0, all, training.length, validation.length);
    double[][][] fitted = moments(amplitudes, hours, all, response).fit(ridge, 0, null);
    return new Result(corrected(start, patterns, fitted, ridge), ratio < 1 - WORTHWHILE, ratio);
  }

  /** Times of the series that lie in a window, so that patterns know no later ones. */
  private static float[][] seen(float[][] series, int[] windows) {
    return Arrays.copyOf(series, Arrays.stream(windows).max().orElseThrow() + 1);
  }

  /**
   * Learns anew from other windows, with the same patterns and strengths.
   *
   * @param start with a correction
   * @param windows as above
   * @param l2sp pull towards the weights of {@code start}, as a share of the evidence: that of so
   *     many windows for each one given
   * @throws IllegalArgumentException numbers that are none, or {@code start} has no correction or
   *     one of other phases
   */
  public static Result tune(MechanisticForecaster start, Hours hours, int[] windows, double l2sp) {
    DailyCorrection before = start.daily();
    if (before == null || before.phases() != hours.phases()) {
      throw new IllegalArgumentException(
          "a correction of "
              + (before == null ? 0 : before.phases())
              + " phases of the day, expected one of "
              + hours.phases());
    }
    double[][] response =
        new Response(start.mechanism(), start.history(), start.outputChannels()).matrix();
    double[][] amplitudes = amplitudes(before.patterns(), hours.series());
    DailyMoments moments = moments(amplitudes, hours, windows, response);
    double pull = l2sp * windows.length / hours.phases();
    double[][][] fitted = moments.fit(before.ridge(), pull, before.weights());
    double[] without = moments.left(null);
    double[] with = moments.left(fitted);
    double ratio = 0;
    for (int lead = 0; lead < with.length; lead++) {
      ratio += with[lead] / without[lead] / with.length;
    }
    if (!Double.isFinite(ratio)) {
      throw new IllegalArgumentException(
          "the error of "
              + windows.length
              + " windows is "
              + ratio
              + ": look for NaN in the input");
    }
    return new Result(
        corrected(start, before.patterns(), fitted, before.ridge()), ratio < 1 - WORTHWHILE, ratio);
  }

  private static double[][] amplitudes(Patterns patterns, float[][] series) {
    return Arrays.stream(series).map(patterns::amplitudes).toArray(double[][]::new);
  }

  private static DailyMoments moments(
      double[][] amplitudes, Hours hours, int[] windows, double[][] response) {
    return new DailyMoments(amplitudes, hours.phaseOf(), hours.phases(), windows, response);
  }

  private static Weights corrected(
      MechanisticForecaster start, Patterns patterns, double[][][] fitted, double[] ridge) {
    int history = start.history();
    int horizon = start.outputChannels();
    float[][][] weights = new float[fitted.length][fitted[0][0].length][fitted[0].length];
    for (int p = 0; p < fitted.length; p++) {
      for (int i = 0; i < fitted[p].length; i++) {
        for (int o = 0; o < fitted[p][i].length; o++) {
          weights[p][o][i] = (float) fitted[p][i][o];
        }
      }
    }
    DailyCorrection daily = new DailyCorrection(patterns, history, horizon, weights, ridge);
    return new MechanisticForecaster(start.mechanism(), null, daily, history, horizon).weights();
  }
}
