package etesian.pipeline.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Grid;
import etesian.ingest.field.TimeStep;
import etesian.operators.SafeTensors;
import etesian.operators.Weights;
import etesian.pipeline.Samples;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.learn.ReplayBuffer.Window;
import etesian.pipeline.learn.Tutor.Lesson;
import etesian.pipeline.model.Forecaster;
import etesian.pipeline.model.Forecasters;
import etesian.pipeline.settings.ModelKind;
import etesian.pipeline.settings.NetworkSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.StreamVariable;
import etesian.pipeline.settings.TuningSettings;
import etesian.pipeline.settings.TuningSettings.Layers;
import etesian.pipeline.tune.FirstWeights;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Every network that a stream can have, from its first weights over forecasts to a lesson. */
class NextStepNetworksTest {
  private static final Grid GLOBE = new Grid(9, 16, 90, 0, 22.5, 22.5);
  private static final NetworkSettings SMALL = new NetworkSettings(9, 3, List.of(), 0);

  /** The first cell is land. */
  private static final int LAND = 0;

  @TempDir private static Path folder;

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "SMNN")
  void itIsTrainedForecastsAndIsTuned(ModelKind kind) {
    StreamSettings stream = stream().with(kind, SMALL);
    List<List<Field>> times = waves(40);
    List<Field> fields = times.stream().flatMap(List::stream).toList();
    Weights first =
        SafeTensors.read(
            SafeTensors.write(
                new FirstWeights(Duration.ofMillis(300), (name, done, loss) -> {})
                    .train(stream, fields)));
    assertThat(first.metadata()).containsEntry("architecture", kind.toString());

    try (Forecaster forecaster = Forecasters.load(first, stream)) {
      assertThat(forecaster.leadsPerAdvance()).isEqualTo(1);
      rollOut(forecaster, stream, frames(times));
    }
    for (Layers layers : Layers.values()) {
      Lesson lesson = tutor(stream, layers).teach("c".repeat(64), first, windows(times), 0);
      assertThat(lesson.failure()).as("%s, %s", kind, layers).isEmpty();
      assertThat(lesson.evidence().get("last_data"))
          .as("%s, %s", kind, layers)
          .isLessThan(lesson.evidence().get("first_data"));
      Forecasters.load(lesson.weights(), stream).close(); // complete, and for this stream
    }
  }

  /** Six steps of two forecasts, alone and together. */
  private static void rollOut(Forecaster forecaster, StreamSettings stream, List<float[]> frames) {
    List<float[]> one = new ArrayList<>(frames.subList(10, 12));
    List<float[]> alone = new ArrayList<>(one);
    List<float[]> other = new ArrayList<>(frames.subList(20, 22));
    Instant at = Samples.hour(6 * 11);
    for (int lead = 1; lead <= 6; lead++) {
      Forecaster.Carry carry = new Forecaster.Carry(newest(one), at);
      Forecaster.Carry beside =
          new Forecaster.Carry(newest(other), at.plus(Duration.ofHours(6 * 10)));
      List<List<float[]>> both = forecaster.advance(List.of(beside, carry));
      other.add(both.get(0).get(0));
      one.add(both.get(1).get(0));
      alone.add(forecaster.advance(List.of(new Forecaster.Carry(newest(alone), at))).get(0).get(0));
      at = stream.step().plus(at, 1);
    }
    float[] together = one.get(one.size() - 1);
    float[] byItself = alone.get(alone.size() - 1);
    assertThat(together).hasSize(2 * GLOBE.cells());
    for (int i = 0; i < together.length; i++) {
      if (i % GLOBE.cells() == LAND) {
        assertThat(together[i]).isNaN();
      } else {
        assertThat(together[i]).isBetween(200f, 360f);
        assertThat(byItself[i]).isCloseTo(together[i], within(0.01f));
      }
    }
  }

  private static List<float[]> newest(List<float[]> frames) {
    return List.copyOf(frames.subList(frames.size() - 2, frames.size()));
  }

  private static Tutor tutor(StreamSettings stream, Layers layers) {
    TuningSettings tuning =
        TuningSettings.OFF.with(
            t ->
                t.every(1)
                    .atLeast(10)
                    .layers(layers)
                    .rank(2)
                    .steps(15)
                    .learningRate(1e-3)
                    .blocks(60)
                    .replayMebibytes(1));
    return Tutors.of(stream, tuning, new WeightsStore(folder));
  }

  private static List<Window> windows(List<List<Field>> times) {
    List<float[]> frames = frames(times);
    List<Window> windows = new ArrayList<>();
    for (int i = 1; i + 1 < frames.size(); i++) {
      windows.add(new Window(times.get(i).get(0).frame().validAt(), frames.subList(i - 1, i + 2)));
    }
    return windows;
  }

  private static List<float[]> frames(List<List<Field>> times) {
    return times.stream()
        .map(
            fields -> {
              float[] stack = new float[2 * GLOBE.cells()];
              for (int variable = 0; variable < 2; variable++) {
                float[] values = fields.get(variable).toArray();
                System.arraycopy(values, 0, stack, variable * GLOBE.cells(), values.length);
              }
              return stack;
            })
        .toList();
  }

  /** Two variables, the second a quarter of a wave behind. */
  private static List<List<Field>> waves(int count) {
    Random random = new Random(1);
    List<List<Field>> times = new ArrayList<>();
    for (int step = 0; step < count; step++) {
      List<Field> fields = new ArrayList<>();
      for (int variable = 0; variable < 2; variable++) {
        float[] values = new float[GLOBE.cells()];
        for (int cell = 0; cell < values.length; cell++) {
          double angle = 2 * Math.PI * (cell % GLOBE.columns() - 0.7 * step) / GLOBE.columns();
          double wave = Math.sin(2 * angle - variable * Math.PI / 2);
          values[cell] = (float) (280 + 8 * wave + random.nextGaussian());
        }
        values[LAND] = Float.NaN;
        fields.add(
            new Field(
                new Frame(variable == 0 ? Samples.T2M : Samples.U10, GLOBE, Samples.hour(6 * step)),
                1,
                Samples.ORIGIN,
                values));
      }
      times.add(fields);
    }
    return times;
  }

  private static StreamSettings stream() {
    return new StreamSettings(
            "t2m",
            "era5",
            "t2m",
            "K",
            GLOBE,
            TimeStep.parse("PT6H"),
            2,
            6,
            1,
            Instant.EPOCH,
            StreamSettings.FROM_THE_FIRST,
            Duration.ZERO,
            "fno",
            List.of(1))
        .withVariables(List.of(new StreamVariable("t2m", "K"), new StreamVariable("u10", "m s-1")));
  }
}
