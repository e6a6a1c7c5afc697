package etesian.pipeline.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.ingest.field.TimeStep;
import etesian.operators.Weights;
import etesian.pipeline.Samples;
import etesian.pipeline.learn.ReplayBuffer.Window;
import etesian.pipeline.learn.Tutor.Lesson;
import etesian.pipeline.model.Forecaster;
import etesian.pipeline.model.Forecaster.Carry;
import etesian.pipeline.model.Forecasters;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import etesian.pipeline.tune.FirstWeights;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** S-MNN on a 6-hourly world of which a share remains that depends on the quarter of the day. */
class HoursTest {
  private static final int HISTORY = 4;
  private static final int HORIZON = 3;
  private static final double[] KEPT = {0.98, 0.2, 0.9, 0.4};
  private static final Instant BEGIN = Instant.parse("2001-01-01T00:00:00Z");
  private static final StreamSettings STREAM =
      new StreamSettings(
          "t2m",
          "era5",
          "t2m",
          "K",
          Samples.GRID,
          TimeStep.parse("PT6H"),
          HISTORY,
          HORIZON,
          1,
          Instant.EPOCH,
          StreamSettings.FROM_THE_FIRST,
          Duration.ZERO,
          "smnn",
          List.of(1));

  @Test
  void belowADayTheHourIsLearnedAndALessonKeepsIt() {
    List<float[]> world = world(KEPT, 1500);
    Weights first = train(world);
    assertThat(first.metadata()).containsEntry("stream.channels", "HOURS");
    assertThat(kept(first, 1)).isCloseTo(0.2, within(0.1));
    assertThat(kept(first, 2)).isCloseTo(0.9, within(0.1));

    List<float[]> changed = world(new double[] {0.98, 0.7, 0.9, 0.4}, 1500);
    Lesson lesson =
        new MechanisticTutor(STREAM, TuningSettings.OFF).teach("0", first, windows(changed), 1);
    assertThat(lesson.failure()).isEmpty();
    assertThat(lesson.weights().metadata()).containsEntry("stream.channels", "HOURS");
    assertThat(kept(lesson.weights(), 1)).isCloseTo(0.7, within(0.1));
    assertThat(lesson.evidence().get("error_ratio")).isLessThan(1);

    TuningSettings brief = TuningSettings.OFF.withBudget(Duration.ofNanos(1));
    assertThat(new MechanisticTutor(STREAM, brief).teach("0", first, windows(changed), 1).failure())
        .contains("not done within tuning.budget");
  }

  @Test
  void whereHoursAreAlikeNoneAreToldApart() {
    Weights weights = train(world(new double[] {0.6, 0.6, 0.6, 0.6}, 1500));
    assertThat(weights.metadata()).containsEntry("stream.channels", "HISTORY");
  }

  private static Weights train(List<float[]> world) {
    List<Field> fields = new ArrayList<>();
    for (int t = 0; t < world.size(); t++) {
      fields.add(
          new Field(
              new Frame(Samples.T2M, Samples.GRID, STREAM.timeAfter(BEGIN, t)),
              1,
              Samples.ORIGIN,
              world.get(t)));
    }
    return new FirstWeights(Duration.ofSeconds(20), (name, done, loss) -> {})
        .withoutEncoder()
        .train(STREAM, fields);
  }

  /** Share of an anomaly of 3 K in all cells that is forecast for the next step. */
  private static double kept(Weights weights, int quarter) {
    try (Forecaster forecaster = Forecasters.load(weights, STREAM)) {
      Instant newest = STREAM.timeAfter(BEGIN, 400 + quarter);
      float[] normal = forecast(forecaster, newest, 0);
      float[] warm = forecast(forecaster, newest, 3);
      return (warm[0] - normal[0]) / 3;
    }
  }

  private static float[] forecast(Forecaster forecaster, Instant newest, float anomaly) {
    List<float[]> frames = new ArrayList<>();
    for (int back = HISTORY - 1; back >= 0; back--) {
      float[] frame = new float[Samples.GRID.cells()];
      Arrays.fill(frame, 280 + (back == 0 ? anomaly : 0));
      frames.add(frame);
    }
    return forecaster.advance(List.of(new Carry(frames, newest))).get(0).get(0);
  }

  private static List<Window> windows(List<float[]> world) {
    List<Window> windows = new ArrayList<>();
    for (int t = HISTORY - 1; t + HORIZON < world.size(); t++) {
      windows.add(
          new Window(STREAM.timeAfter(BEGIN, t), world.subList(t - HISTORY + 1, t + HORIZON + 1)));
    }
    return windows;
  }

  /** All cells alike but for a little noise. */
  private static List<float[]> world(double[] kept, int times) {
    Random random = new Random(1);
    List<float[]> world = new ArrayList<>();
    double state = 0;
    for (int t = 0; t < times; t++) {
      float[] field = new float[Samples.GRID.cells()];
      for (int cell = 0; cell < field.length; cell++) {
        field[cell] = (float) (280 + 3 * state + 0.1 * random.nextGaussian());
      }
      world.add(field);
      state = kept[t % 4] * state + 0.5 * random.nextGaussian();
    }
    return world;
  }
}
