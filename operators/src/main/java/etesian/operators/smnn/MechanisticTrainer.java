package etesian.operators.smnn;

import etesian.operators.Weights;
import etesian.operators.smnn.Mechanism.Law;
import java.time.Duration;
import java.util.List;

/**
 * Fits a {@link Mechanism} so that the forecasts of all leads have the least weighted mean square
 * error relative to damped persistence: from each of a few neutral {@link Mechanism#starts}, the
 * one that does best on the validation windows at its best iteration.
 *
 * <p>A forecast is linear in the history, so the loss over all windows and cells depends on the
 * data only through their lagged second moments, which are summed once. An iteration then costs one
 * small solve and its adjoint whatever the size of the data, the gradient is exact, and plain Adam
 * on the logarithms of a dozen positive parameters ({@code MechanismDescent}) converges within a
 * second.
 */
public final class MechanisticTrainer {
  private static final double LEARNING_RATE = 0.05;

  private MechanisticTrainer() {}

  /**
   * What to fit and for how long.
   *
   * @param history steps that the forecaster sees
   * @param horizon steps that it forecasts; each lead counts alike
   * @param laws a mode each
   * @param iterations from each start, at most
   * @param patience iterations without a better validation loss before the next start
   * @param budget wall time before training ends; each start has its share
   */
  public record Settings(
      int history, int horizon, List<Law> laws, int iterations, int patience, Duration budget) {
    /** A fast and a slow relaxation, at most 600 iterations from each start and a minute. */
    public static Settings fastAndSlow(int history, int horizon) {
      return new Settings(
          history,
          horizon,
          List.of(Law.RELAXATION, Law.RELAXATION),
          600,
          200,
          Duration.ofMinutes(1));
    }
  }

  /**
   * Told of each iteration, all starts together. Losses are mean square errors relative to damped
   * persistence.
   */
  @FunctionalInterface
  public interface Progress {
    void report(int iteration, int iterations, double trainingLoss, double validationLoss);
  }

  /**
   * @param settings what to fit
   * @param series standardised anomalies, [time][cell]; no NaN where a weight is positive
   * @param cellWeights one for each cell, 0 leaves a cell out
   * @param training indices at which windows of history + horizon contiguous times begin
   * @param validation the same, for early stopping; empty to stop on the training loss
   * @param progress told of each iteration
   * @return of the iteration with the least validation loss, for {@link
   *     MechanisticForecaster#of(Weights)}
   */
  public static Weights train(
      Settings settings,
      float[][] series,
      double[] cellWeights,
      int[] training,
      int[] validation,
      Progress progress) {
    int history = settings.history();
    int horizon = settings.horizon();
    Moments moments = new Moments(series, cellWeights, training, history, horizon);
    Moments judge =
        validation.length == 0
            ? moments
            : new Moments(series, cellWeights, validation, history, horizon);
    List<Mechanism> starts = Mechanism.starts(settings.laws(), horizon);
    long begin = System.nanoTime();
    Fit best = null;
    for (int i = 0; i < starts.size(); i++) {
      TimeLimit limit =
          new TimeLimit(begin + settings.budget().toNanos() / starts.size() * (i + 1));
      if (best == null || !limit.isOver()) {
        int before = i * settings.iterations();
        int all = starts.size() * settings.iterations();
        Fit fit =
            descend(
                settings,
                starts.get(i),
                moments,
                judge,
                limit,
                (iteration, of, loss, judged) ->
                    progress.report(before + iteration, all, loss, judged));
        best = best == null || fit.loss < best.loss ? fit : best;
      }
    }
    return new MechanisticForecaster(best.mechanism, history, horizon).weights();
  }

  /** A mechanism, its validation loss, and the iteration that reached it. */
  private record Fit(Mechanism mechanism, double loss, int iteration) {}

  /** The best of the mechanisms on the way down the training loss from one start. */
  private static Fit descend(
      Settings settings,
      Mechanism start,
      Moments moments,
      Moments judge,
      TimeLimit limit,
      Progress progress) {
    int most = settings.iterations();
    Fit[] best = {new Fit(start, Double.POSITIVE_INFINITY, 0)};
    MechanisticTuner.Settings free =
        new MechanisticTuner.Settings(
            most, LEARNING_RATE, Double.POSITIVE_INFINITY, 0, settings.budget());
    new MechanismDescent(free, limit)
        .from(
            start,
            moments,
            (steps, mechanism, map, loss) -> {
              int iteration = steps + 1;
              double judged = judge.loss(map);
              progress.report(iteration, most, loss, judged);
              if (judged < best[0].loss) {
                best[0] = new Fit(mechanism, judged, iteration);
              }
              return iteration < most && iteration - best[0].iteration < settings.patience();
            });
    return best[0];
  }
}
