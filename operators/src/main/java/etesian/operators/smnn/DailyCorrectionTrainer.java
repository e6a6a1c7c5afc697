package etesian.operators.smnn;

import etesian.operators.Weights;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Teaches a fitted mechanism what depends on the hour and on the rest of the field: a {@link
 * DailyCorrection} by ridge regression, shrunk twice, each phase of the day towards all of them and
 * all towards the mechanism itself. Everything is a solve of small linear systems ({@link
 * DailyMoments}), so nothing is drawn and nothing diverges. The strength of the ridge is chosen for
 * each lead: with a phase for each hour on the validation windows, of which there are then many;
 * where all times are alike on each fifth of the windows in turn. There a strength counts only if
 * it is better than no correction in each of the fifths: the best of several on a short series is
 * soon better in their sum, by luck. The weights are those of all windows.
 */
public final class DailyCorrectionTrainer {
  private static final int PATTERNS_BY_HOUR = 8;

  /** One phase has all windows to learn from. */
  private static final int PATTERNS_OF_ALL_TIMES = 16;

  /** Inputs of a regression: of a longer history fewer patterns count. */
  private static final int MOST_INPUTS = 512;

  private static final double[] RIDGES_BY_HOUR = {0.01, 0.03, 0.1, 0.3, 1, 3};

  /** The last: more windows than anybody has, which leaves a lead as it is. */
  private static final double[] RIDGES_OF_ALL_TIMES = {3, 10, 30, 100, 300, 1000, 3000, 1e9};

  private static final int FOLDS = 5;
  private static final double WORTHWHILE = 0.005;

  private DailyCorrectionTrainer() {}

  /**
   * Fields and their hours.
   *
   * @param series standardised anomalies, [time][cell]; no NaN where a weight is positive
   * @param cellWeights one for each cell, 0 leaves a cell out
   * @param phaseOf phase of the day of each time, 0 to phases - 1; 0 begins at midnight UTC
   * @param phases of a day; 1 where all times are alike
   */
  public record Hours(float[][] series, double[] cellWeights, int[] phaseOf, int phases) {
    public Hours {
      if (phases < 1 || series.length != phaseOf.length) {
        throw new IllegalArgumentException(
            String.format(
                "%d phases of a day and %d of %d times: expected at least 1, and one for each",
                phases, phaseOf.length, series.length));
      }
    }
  }

  /**
   * What it came to.
   *
   * @param weights for {@link MechanisticForecaster#of(Weights)}
   * @param worthwhile whether the correction takes more from the square error in windows that it
   *     did not see than luck would
   * @param ratio mean over the leads of that error with correction to that without
   */
  public record Result(Weights weights, boolean worthwhile, double ratio) {}

  /**
   * By hour of the day.
   *
   * @param start its mechanism is what is corrected; an encoder is left out
   * @param training indices at which windows of history + horizon contiguous times begin
   * @param validation the same, later ones; at least one
   * @return worthwhile when it is over all leads
   */
  public static Result byHour(
      MechanisticForecaster start, Hours hours, int[] training, int[] validation) {
    int most = Math.max(1, Math.min(PATTERNS_BY_HOUR, MOST_INPUTS / start.history()));
    Patterns patterns = Patterns.leading(seen(hours.series(), training), hours.cellWeights(), most);
    double[][] amplitudes = amplitudes(patterns, hours.series(), TimeLimit.NONE);
    Choice choice =
        choose(
            amplitudes,
            hours,
            response(start),
            List.of(new Fold(training, validation)),
            RIDGES_BY_HOUR);
    double ratio = Arrays.stream(choice.ratios).average().orElseThrow();
    int[] all = Arrays.copyOf(training, training.length + validation.length);
    System.arraycopy(validation, 0, all, training.length, validation.length);
    return new Result(
        fit(start, patterns, amplitudes, hours, all, choice.ridge), ratio < 1 - WORTHWHILE, ratio);
  }

  /**
   * From the whole field, all times alike.
   *
   * @param start its mechanism is what is corrected, and may know all windows: its few numbers
   *     hardly tell one fifth of them from another; an encoder is left out
   * @param series standardised anomalies, [time][cell]; no NaN where a weight is positive
   * @param cellWeights one for each cell, 0 leaves a cell out
   * @param windows indices at which windows of history + horizon contiguous times begin, ascending
   * @return worthwhile when it is at one lead
   */
  public static Result ofAllTimes(
      MechanisticForecaster start, float[][] series, double[] cellWeights, int[] windows) {
    int longest = Math.max(start.history(), start.outputChannels());
    int most = Math.max(1, Math.min(PATTERNS_OF_ALL_TIMES, MOST_INPUTS / longest));
    Hours hours = new Hours(series, cellWeights, new int[series.length], 1);
    List<Fold> folds = folds(windows, start.outputChannels());
    if (folds.isEmpty()) {
      return new Result(start.weights(), false, 1);
    }
    Patterns patterns = Patterns.leading(seen(series, windows), cellWeights, most);
    double[][] amplitudes = amplitudes(patterns, series, TimeLimit.NONE);
    Choice choice = choose(amplitudes, hours, response(start), folds, RIDGES_OF_ALL_TIMES);
    return new Result(
        fit(start, patterns, amplitudes, hours, windows, choice.ridge),
        Arrays.stream(choice.ratios).min().orElseThrow() < 1 - WORTHWHILE,
        Arrays.stream(choice.ratios).average().orElseThrow());
  }

  /** Windows to learn from and others to judge by, whose targets are none of theirs. */
  private record Fold(int[] training, int[] judging) {}

  /** None when there are too few windows to leave a fifth of them out. */
  private static List<Fold> folds(int[] windows, int horizon) {
    List<Fold> folds = new ArrayList<>();
    for (int f = 0; f < FOLDS; f++) {
      int[] judging =
          Arrays.copyOfRange(windows, windows.length * f / FOLDS, windows.length * (f + 1) / FOLDS);
      if (judging.length == 0) {
        return List.of();
      }
      int[] training =
          Arrays.stream(windows)
              .filter(w -> w + horizon <= judging[0] || w >= judging[judging.length - 1] + horizon)
              .toArray();
      if (training.length == 0) {
        return List.of();
      }
      folds.add(new Fold(training, judging));
    }
    return folds;
  }

  /**
   * The best strengths.
   *
   * @param ridge by lead
   * @param ratios by lead, square error with correction to that without
   */
  private record Choice(double[] ridge, double[] ratios) {}

  private static Choice choose(
      double[][] amplitudes,
      Hours hours,
      double[][] response,
      List<Fold> folds,
      double[] strengths) {
    int horizon = response.length;
    double[] without = new double[horizon];
    double[][] left = new double[strengths.length][horizon];
    boolean[][] everywhere = new boolean[strengths.length][horizon]; // better than without
    for (boolean[] leads : everywhere) {
      Arrays.fill(leads, true);
    }
    for (Fold fold : folds) {
      DailyMoments past = moments(amplitudes, hours, fold.training, response, TimeLimit.NONE);
      DailyMoments judge = moments(amplitudes, hours, fold.judging, response, TimeLimit.NONE);
      int windows = fold.judging.length;
      double[] here = judge.left(null);
      addTo(without, here, windows);
      for (int i = 0; i < strengths.length; i++) {
        double[] corrected = judge.left(past.fit(strengths[i]));
        addTo(left[i], corrected, windows);
        for (int lead = 0; lead < horizon; lead++) {
          everywhere[i][lead] &= corrected[lead] < here[lead];
        }
      }
    }
    double[] ridge = new double[horizon];
    double[] ratios = new double[horizon];
    for (int lead = 0; lead < horizon; lead++) {
      int best = strengths.length - 1;
      for (int i = 0; i < strengths.length; i++) {
        boolean counts = folds.size() == 1 || everywhere[i][lead];
        best = counts && left[i][lead] < left[best][lead] ? i : best;
      }
      ridge[lead] = strengths[best];
      ratios[lead] = left[best][lead] / without[lead];
    }
    return new Choice(ridge, ratios);
  }

  private static void addTo(double[] sum, double[] values, double factor) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += factor * values[i];
    }
  }

  private static Weights fit(
      MechanisticForecaster start,
      Patterns patterns,
      double[][] amplitudes,
      Hours hours,
      int[] windows,
      double[] ridge) {
    double[][][] fitted =
        moments(amplitudes, hours, windows, response(start), TimeLimit.NONE).fit(ridge, 0, null);
    return corrected(start, patterns, fitted, ridge);
  }

  private static double[][] response(MechanisticForecaster model) {
    return new Response(model.mechanism(), model.history(), model.outputChannels()).matrix();
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
   * @param budget wall time at most; there is no half result
   * @throws java.util.concurrent.CancellationException the time was over, or the thread
   *     interrupted, before it was solved
   * @throws IllegalArgumentException numbers that are none, or {@code start} has no correction or
   *     one of other phases
   */
  public static Result tune(
      MechanisticForecaster start, Hours hours, int[] windows, double l2sp, Duration budget) {
    TimeLimit limit = TimeLimit.within(budget);
    DailyCorrection before = start.daily();
    if (before == null || before.phases() != hours.phases()) {
      throw new IllegalArgumentException(
          "a correction of "
              + (before == null ? 0 : before.phases())
              + " phases of the day, expected one of "
              + hours.phases());
    }
    double[][] amplitudes = amplitudes(before.patterns(), hours.series(), limit);
    DailyMoments moments = moments(amplitudes, hours, windows, response(start), limit);
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

  private static double[][] amplitudes(Patterns patterns, float[][] series, TimeLimit limit) {
    double[][] amplitudes = new double[series.length][];
    for (int time = 0; time < series.length; time++) {
      limit.check();
      amplitudes[time] = patterns.amplitudes(series[time]);
    }
    return amplitudes;
  }

  private static DailyMoments moments(
      double[][] amplitudes, Hours hours, int[] windows, double[][] response, TimeLimit limit) {
    return new DailyMoments(amplitudes, hours.phaseOf(), hours.phases(), windows, response, limit);
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
