package etesian.pipeline.settings;

import etesian.ingest.field.Check;
import io.soabase.recordbuilder.core.RecordBuilder;
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
 * @param longRun whether lessons must be better in the long run, too, not only at present
 * @param blocks of verified windows before a challenger is given up
 * @param replayMebibytes of fields to learn from
 * @param seed of draws and of the sample of old windows
 * @param physics an equation that lessons heed and observations are held against; null for none
 */
@RecordBuilder
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
    boolean longRun,
    int blocks,
    int replayMebibytes,
    long seed,
    PhysicsSettings physics)
    implements Serializable, TuningSettingsBuilder.With {

  /** The stream keeps the weights that it has. */
  public static final TuningSettings OFF =
      new TuningSettings(
          0,
          false,
          60,
          Layers.ALL,
          4,
          200,
          Duration.ofMinutes(1),
          3e-4,
          1e-3,
          0,
          0.01,
          true,
          1000,
          64,
          1,
          null);

  /** Which parameters change. */
  public enum Layers {
    ALL,
    LAST,
    LOW_RANK
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

  /** Whether the stream learns at all. */
  public boolean on() {
    return every > 0 || drift;
  }

  static TuningSettings read(SettingsReader in) {
    return new TuningSettings(
        in.positive("every", 100),
        in.value("drift", true, Parsers::yesOrNo),
        in.value("at_least", OFF.atLeast(), text -> Parsers.between(text, 10, 1_000_000)),
        in.value("layers", OFF.layers(), TuningSettings::layers),
        in.positive("rank", OFF.rank()),
        in.positive("steps", OFF.steps()),
        in.duration("budget", OFF.budget()),
        in.value("rate", OFF.learningRate(), text -> Parsers.between(text, 1e-9, 1)),
        in.value("l2_sp", OFF.l2sp(), text -> Parsers.between(text, 0.0, 1e9)),
        in.value(
            "climatology_years", OFF.climatologyYears(), text -> Parsers.between(text, 0, 1000)),
        in.value(
            "false_promotion_rate",
            OFF.falsePromotionRate(),
            text -> Parsers.between(text, 1e-9, 0.5)),
        in.value("long_run", OFF.longRun(), Parsers::yesOrNo),
        in.positive("blocks", OFF.blocks()),
        in.positive("replay_mebibytes", OFF.replayMebibytes()),
        in.positive("seed", (int) OFF.seed()),
        in.section("physics").map(PhysicsSettings::read).orElse(null));
  }

  private static Layers layers(String text) {
    return switch (text) {
      case "all" -> Layers.ALL;
      case "last" -> Layers.LAST;
      case "low-rank" -> Layers.LOW_RANK;
      default ->
          throw new IllegalArgumentException("'" + text + "' is not one of all, last, low-rank");
    };
  }
}
