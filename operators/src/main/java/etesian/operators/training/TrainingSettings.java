package etesian.operators.training;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;

/**
 * How long and how fast to train.
 *
 * @param epochs passes over the training pairs, at most
 * @param budget wall-clock time, at most; the schedule of the learning rate ends with whichever of
 *     both limits is nearer, so only runs with {@link #UNLIMITED} time are repeatable to the bit
 * @param batchSize pairs per step
 * @param atOnce pairs that memory holds together, at most: a larger batch is taken in pieces whose
 *     gradients are added, which comes to the same step but for rounding; batch norms take the
 *     statistics of each piece by itself
 * @param learningRate of Adam, at the beginning
 * @param schedule of the learning rate
 * @param weightDecay factor of the parameters that is added to their gradients
 * @param clipNorm largest 2-norm of all gradients together; longer ones are shortened
 * @param patience epochs without improvement on the validation pairs before stopping
 * @param seed of the order of the pairs
 */
@RecordBuilder
public record TrainingSettings(
    int epochs,
    Duration budget,
    int batchSize,
    int atOnce,
    double learningRate,
    Schedule schedule,
    double weightDecay,
    double clipNorm,
    int patience,
    long seed)
    implements TrainingSettingsBuilder.With {

  /** No limit by time. */
  public static final Duration UNLIMITED = Duration.ofSeconds(Long.MAX_VALUE);

  public TrainingSettings {
    check(epochs >= 1, "epochs", epochs, "at least 1");
    check(!budget.isNegative() && !budget.isZero(), "budget", budget, "a positive duration");
    check(batchSize >= 1, "batchSize", batchSize, "at least 1");
    check(atOnce >= 1, "atOnce", atOnce, "at least 1");
    check(learningRate > 0, "learningRate", learningRate, "above 0");
    check(weightDecay >= 0, "weightDecay", weightDecay, "at least 0");
    check(clipNorm > 0, "clipNorm", clipNorm, "above 0");
    check(patience >= 1, "patience", patience, "at least 1");
  }

  /** 50 epochs or the budget, batches of 16, learning rate 2e-3 falling along a cosine. */
  public static TrainingSettings within(Duration budget) {
    return new TrainingSettings(
        50, budget, 16, Integer.MAX_VALUE, 2e-3, Schedule.COSINE, 0, 1, 10, 1);
  }

  /** The same without a limit by time. */
  public static TrainingSettings of(int epochs) {
    return within(UNLIMITED).withEpochs(epochs);
  }

  private static void check(boolean condition, String what, Object value, String expected) {
    if (!condition) {
      throw new IllegalArgumentException(
          "training: " + what + " is " + value + ", expected " + expected);
    }
  }
}
