package etesian.operators.smnn;

import etesian.operators.Weights;
import etesian.operators.smnn.Mechanism.Law;
import java.time.Duration;
import java.util.List;

/**
 * Fits a {@link Mechanism} so that the forecasts of all leads have the least weighted mean square
 * error relative to damped persistence.
 *
 * <p>A forecast is linear in the history, so the loss over all windows and cells depends on the
 * data only through their lagged second moments, which are summed once. An iteration then costs one
 * small solve and its adjoint whatever the size of the data, the gradient is exact, and plain Adam
 * on the logarithms of a dozen positive parameters converges within a second.
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
   * @param iterations at most
   * @param patience iterations without a better validation loss before training ends
   * @param budget wall time before training ends
   */
  public record Settings(
      int history, int horizon, List<Law> laws, int iterations, int patience, Duration budget) {
    /** A fast and a slow relaxation, at most 600 iterations and a minute. */
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

  /** Told of each iteration. Losses are mean square errors relative to damped persistence. */
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
    long deadline = System.nanoTime() + settings.budget().toNanos();
    int history = settings.history();
    int horizon = settings.horizon();
    Moments moments = new Moments(series, cellWeights, training, history, horizon);
    Moments judge =
        validation.length == 0
            ? moments
            : new Moments(series, cellWeights, validation, history, horizon);
    Mechanism mechanism = Mechanism.initial(settings.laws(), horizon);
    Mechanism best = mechanism;
    double least = Double.POSITIVE_INFINITY;
    int lastBetter = 0;
    double[] parameters = mechanism.logarithms();
    VectorAdam adam = new VectorAdam(parameters.length);
    for (int i = 1; i <= settings.iterations(); i++) {
      Response response = new Response(mechanism, history, horizon);
      double[][] matrix = response.matrix();
      double loss = judge.loss(matrix);
      progress.report(i, settings.iterations(), moments.loss(matrix), loss);
      if (loss < least) {
        least = loss;
        best = mechanism;
        lastBetter = i;
      }
      if (i - lastBetter >= settings.patience() || System.nanoTime() > deadline) {
        break;
      }
      double[] gradient = response.gradient(moments.gradient(matrix));
      double rate = LEARNING_RATE * (1 - (i - 1.0) / settings.iterations());
      adam.step(parameters, gradient, rate);
      mechanism = mechanism.withLogarithms(parameters);
    }
    return new MechanisticForecaster(best, history, horizon).weights();
  }
}
