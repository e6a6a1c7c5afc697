package etesian.pipeline.learn;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.ingest.field.TimeStep;
import etesian.operators.Weights;
import etesian.operators.smnn.Mechanism;
import etesian.operators.smnn.Mechanism.Law;
import etesian.operators.smnn.Mechanism.Mode;
import etesian.operators.smnn.MechanisticForecaster;
import etesian.pipeline.Samples;
import etesian.pipeline.climatology.Harmonics;
import etesian.pipeline.model.Channels;
import etesian.pipeline.model.Forecasters;
import etesian.pipeline.model.Standardiser;
import etesian.pipeline.model.StreamCard;
import etesian.pipeline.settings.StreamSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Simulated streams: red noise around a mean, whose decay and mean may change. */
public final class Worlds {
  public static final int HISTORY = 6;
  public static final int HORIZON = 4;
  private static final Instant BEGIN = Instant.parse("2000-01-01T00:00:00Z");

  private Worlds() {}

  /** Daily t2m on the small grid, by S-MNN. */
  public static StreamSettings stream() {
    return stream(List.of(1, HORIZON));
  }

  static StreamSettings stream(List<Integer> verifyLeads) {
    return new StreamSettings(
        "t2m",
        "era5",
        "t2m",
        "K",
        Samples.GRID,
        TimeStep.parse("P1D"),
        HISTORY,
        HORIZON,
        1,
        Instant.EPOCH,
        StreamSettings.FROM_THE_FIRST,
        Duration.ZERO,
        "smnn",
        verifyLeads);
  }

  public static Instant day(int index) {
    return BEGIN.plus(Duration.ofDays(index));
  }

  /** How the world is on a day. */
  public interface Physics {
    double decay(int day);

    default double mean(int day) {
      return 280;
    }
  }

  public static List<float[]> series(int days, long seed, Physics law) {
    Random random = new Random(seed);
    double[] state = new double[Samples.GRID.cells()];
    List<float[]> series = new ArrayList<>();
    for (int day = 0; day < days; day++) {
      double kept = Math.exp(-law.decay(day));
      float[] field = new float[state.length];
      for (int cell = 0; cell < state.length; cell++) {
        state[cell] = kept * state[cell] + Math.sqrt(1 - kept * kept) * random.nextGaussian();
        field[cell] = (float) (law.mean(day) + 3 * state[cell]);
      }
      series.add(field);
    }
    return series;
  }

  public static Field field(int day, float[] values) {
    return new Field(new Frame(Samples.T2M, Samples.GRID, day(day)), 1, Samples.ORIGIN, values);
  }

  /** Weights that know of a decay per day, and of what is normal in some days. */
  public static Weights weights(double decay, List<float[]> series) {
    List<Instant> times = new ArrayList<>();
    for (int day = 0; day < series.size(); day++) {
      times.add(day(day));
    }
    Mechanism mechanism = new Mechanism(List.of(new Mode(Law.RELAXATION, decay, 0, 1, 1, 1)));
    return Forecasters.complete(
        new MechanisticForecaster(mechanism, HISTORY, HORIZON).weights(),
        StreamCard.of(stream()),
        Channels.HISTORY,
        Standardiser.fit(Harmonics.forStep(stream().step()), 1, times, series),
        Map.of());
  }
}
