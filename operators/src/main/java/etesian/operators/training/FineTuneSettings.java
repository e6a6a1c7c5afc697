package etesian.operators.training;

import java.time.Duration;

/**
 * How far fine-tuning may go.
 *
 * @param scope what may change
 * @param steps at most
 * @param budget wall time at most, over all sessions of a run that was interrupted
 * @param batchSize pairs of a step, drawn with replacement
 * @param learningRate of Adam, constant: a run has no end that it could fall towards
 * @param clipNorm largest 2-norm of all gradients together; longer ones are shortened
 * @param l2sp strength of the pull towards the parameters it began with (L2-SP, Li et al. 2018)
 * @param seed of the draws
 */
public record FineTuneSettings(
    TuneScope scope,
    int steps,
    Duration budget,
    int batchSize,
    double learningRate,
    double clipNorm,
    double l2sp,
    long seed) {
  public FineTuneSettings {
    check(steps >= 1, "steps", steps, "at least 1");
    check(!budget.isNegative() && !budget.isZero(), "budget", budget, "a positive duration");
    check(batchSize >= 1, "batchSize", batchSize, "at least 1");
    check(learningRate > 0, "learningRate", learningRate, "above 0");
    check(clipNorm > 0, "clipNorm", clipNorm, "above 0");
    check(l2sp >= 0, "l2sp", l2sp, "at least 0");
  }

  private static void check(boolean condition, String what, Object value, String expected) {
    if (!condition) {
      throw new IllegalArgumentException(
          "fine-tuning: " + what + " is " + value + ", expected " + expected);
    }
  }
}
