package etesian.operators.smnn;

import etesian.operators.Weights;
import java.time.Duration;

/**
 * Moves a fitted {@link Mechanism} towards newer windows without forgetting where it stood: the
 * loop of {@link MechanisticTrainer}, {@code MechanismDescent}, with a pull towards the start.
 * There are a dozen parameters and a step takes a millisecond or so: a run that was interrupted is
 * begun anew rather than kept.
 */
public final class MechanisticTuner {
  private MechanisticTuner() {}

  /**
   * How far it may go.
   *
   * @param steps at most
   * @param learningRate of Adam, falling linearly to 0
   * @param clipNorm largest 2-norm of a gradient; longer ones are shortened
   * @param l2sp strength of the pull
   * @param budget wall time at most
   */
  public record Settings(
      int steps, double learningRate, double clipNorm, double l2sp, Duration budget) {
    public Settings {
      if (!(steps >= 1 && learningRate > 0 && clipNorm > 0 && l2sp >= 0)) {
        throw new IllegalArgumentException(
            String.format(
                "steps %d, learning rate %s, clip norm %s, l2sp %s: expected at least 1, above 0,"
                    + " above 0, at least 0",
                steps, learningRate, clipNorm, l2sp));
      }
    }
  }

  /**
   * What it came to. Losses are mean square errors relative to damped persistence, without the
   * pull.
   *
   * @param weights for {@link MechanisticForecaster#of(Weights)}; without an encoder, and with the
   *     correction that was there
   * @param before of the mechanism that it began with
   * @param after of {@code weights}
   * @param steps taken
   */
  public record Result(Weights weights, double before, double after, int steps) {}

  /**
   * @param start its mechanism, history and horizon; an encoder is left out
   * @param series standardised anomalies, [time][cell]; no NaN where a weight is positive
   * @param cellWeights one for each cell, 0 leaves a cell out
   * @param windows indices at which windows of history + horizon contiguous times begin
   * @throws java.util.concurrent.CancellationException the time was over, or the thread
   *     interrupted, before the windows were summed
   * @throws IllegalArgumentException the windows hold nothing to learn, or numbers that are none
   */
  public static Result tune(
      Settings settings,
      MechanisticForecaster start,
      float[][] series,
      double[] cellWeights,
      int[] windows) {
    TimeLimit limit = TimeLimit.within(settings.budget());
    int history = start.history();
    int horizon = start.outputChannels();
    Moments moments = new Moments(series, cellWeights, windows, history, horizon, limit);
    MechanismDescent.Reached reached =
        new MechanismDescent(settings, limit)
            .from(start.mechanism(), moments, (steps, by, map, loss) -> true);
    if (!Double.isFinite(reached.after())) {
      throw new IllegalArgumentException(
          String.format(
              "the loss of %d windows is %s after %d steps: look for NaN in the input, or learn more"
                  + " slowly",
              windows.length, reached.after(), reached.steps()));
    }
    return new Result(
        new MechanisticForecaster(reached.mechanism(), null, start.daily(), history, horizon)
            .weights(),
        reached.before(),
        reached.after(),
        reached.steps());
  }
}
