package etesian.pipeline.settings;

import etesian.ingest.field.Check;
import java.io.Serializable;
import java.time.Duration;

/**
 * How a stream learns while it runs.
 *
 * @param every verified windows between two trainings; 0 is never
 * @param drift whether a drift of the errors or of the input begins a training, too
 * @param atLeast verified windows before the first training
 * @param layers which parameters change; S-MNN has a dozen and takes no notice
 * @param rank of the updates when {@code layers} is {@link Layers#LOW_RANK}
 * @param steps of the optimiser in one training
 * @param budget wall time of one training
 * @param learningRate of Adam
 * @param l2sp pull towards the champion
 * @param climatologyYears years of the newest fields that what is normal is learned from anew; 0
 *     keeps the champion's
 * @param falsePromotionRate largest probability to promote a challenger that is not better
 * @param blocks of verified windows before a challenger is given up
 * @param replayMebibytes of fields to learn from
 * @param seed of draws and of the sample of old windows
 * @param physics an equation that lessons heed and observations are held against; null for none
 */
public record TuningSettings(
    int every,
    boolean drift,
    int atLeast,
    Layers layers,
    int rank,
    int steps,
    Duration budget,
    double learningRate,
    double l2sp,
    int climatologyYears,
    double falsePromotionRate,
    int blocks,
    int replayMebibytes,
    long seed,
    PhysicsSettings physics)
    implements Serializable {

  /** The stream keeps the weights that it has. */
  public static final TuningSettings OFF =
      new TuningSettings(
          0, false, 60, Layers.ALL, 4, 200, Duration.ofMinutes(1), 3e-4, 1e-3, 0, 0.01, 200, 64, 1);

  /** Which parameters change. */
  public enum Layers {
    ALL,
    LAST,
    LOW_RANK
  }

  /** Without an equation. */
  public TuningSettings(
      int every,
      boolean drift,
      int atLeast,
      Layers layers,
      int rank,
      int steps,
      Duration budget,
      double learningRate,
      double l2sp,
      int climatologyYears,
      double falsePromotionRate,
      int blocks,
      int replayMebibytes,
      long seed) {
    this(
        every,
        drift,
        atLeast,
        layers,
        rank,
        steps,
        budget,
        learningRate,
        l2sp,
        climatologyYears,
        falsePromotionRate,
        blocks,
        replayMebibytes,
        seed,
        null);
  }

  public TuningSettings {
    Check.that(every >= 0, "every %d windows, expected 0 or more", every);
    Check.that(atLeast >= 10, "at least %d windows, expected 10 or more", atLeast);
    Check.that(
        rank >= 1 && steps >= 1 && blocks >= 1 && replayMebibytes >= 1,
        "rank %d, steps %d, blocks %d, %d MiB of replay: expected at least 1 each",
        rank,
        steps,
        blocks,
        replayMebibytes);
    Check.that(
        learningRate > 0 && l2sp >= 0,
        "rate %s and l2_sp %s, expected above 0 and at least 0",
        learningRate,
        l2sp);
    Check.that(
        falsePromotionRate > 0 && falsePromotionRate < 1,
        "false_promotion_rate %s, expected above 0 and below 1",
        falsePromotionRate);
    Check.that(climatologyYears >= 0, "climatology of %d years", climatologyYears);
    Check.that(
        !budget.isNegative() && !budget.isZero(), "budget %s, expected a positive one", budget);
  }

  /** The same with other draws. */
  public TuningSettings withSeed(long other) {
    return new TuningSettings(
        every,
        drift,
        atLeast,
        layers,
        rank,
        steps,
        budget,
        learningRate,
        l2sp,
        climatologyYears,
        falsePromotionRate,
        blocks,
        replayMebibytes,
        other,
        physics);
  }

  /** The same with an equation. */
  public TuningSettings with(PhysicsSettings other) {
    return new TuningSettings(
        every,
        drift,
        atLeast,
        layers,
        rank,
        steps,
        budget,
        learningRate,
        l2sp,
        climatologyYears,
        falsePromotionRate,
        blocks,
        replayMebibytes,
        seed,
        other);
  }

  /** Whether the stream learns at all. */
  public boolean on() {
    return every > 0 || drift;
  }
}
