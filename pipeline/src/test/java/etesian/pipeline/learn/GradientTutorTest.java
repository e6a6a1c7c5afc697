package etesian.pipeline.learn;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Grid;
import etesian.ingest.field.TimeStep;
import etesian.operators.Weights;
import etesian.pipeline.Samples;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.learn.ReplayBuffer.Window;
import etesian.pipeline.learn.Tutor.Lesson;
import etesian.pipeline.model.Forecasters;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import etesian.pipeline.settings.TuningSettings.Layers;
import etesian.pipeline.tune.FirstWeights;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** M2NO of a moment's training, on waves that move. */
class GradientTutorTest {
  private static final Grid GRID = new Grid(8, 16, 70, 0, 20, 22.5);
  private static final StreamSettings STREAM =
      new StreamSettings(
          "t2m",
          "era5",
          "t2m",
          "K",
          GRID,
          TimeStep.parse("PT6H"),
          2,
          2,
          1,
          Instant.EPOCH,
          StreamSettings.FROM_THE_FIRST,
          Duration.ZERO,
          "m2no",
          List.of(1));
  private static final String CHAMPION = "c".repeat(64);

  @TempDir private static Path folder;
  private static List<Field> fields;
  private static Weights champion;

  @BeforeAll
  static void trainForAMoment() {
    fields = waves(60);
    champion =
        new FirstWeights(Duration.ofMillis(200), (stream, done, loss) -> {}).train(STREAM, fields);
  }

  @ParameterizedTest
  @EnumSource(Layers.class)
  void aLessonMakesTheLossSmallerAndNamesItsParent(Layers layers) {
    Lesson lesson = tutor(layers, 40).teach(CHAMPION, champion, windows(fields), 0);
    assertThat(lesson.failure()).isEmpty();
    assertThat(lesson.evidence().get("steps")).isEqualTo(40);
    assertThat(lesson.evidence().get("last_data")).isLessThan(lesson.evidence().get("first_data"));
    assertThat(lesson.weights().metadata()).containsEntry("lineage.parent", CHAMPION);
    Forecasters.load(lesson.weights(), STREAM).close(); // complete, and for this stream
  }

  @Test
  void anInterruptedLessonGoesOnInTheNextProcess() throws Exception {
    Tutor first = tutor(Layers.ALL, 100_000);
    Thread thread = new Thread(() -> first.teach(CHAMPION, champion, windows(fields), 0), "learns");
    thread.start();
    while (first.state().isEmpty()) {
      Thread.sleep(5);
    }
    thread.interrupt();
    thread.join();
    String state = first.state();
    int steps =
        Integer.parseInt(new WeightsStore(folder).training().get(state).metadata().get("steps"));
    assertThat(steps).isPositive();

    Tutor second = tutor(Layers.ALL, steps + 1);
    second.resume(state);
    Lesson rest = second.teach(CHAMPION, champion, windows(fields), 0);
    assertThat(rest.evidence().get("steps")).isEqualTo(steps + 1);
    assertThat(second.state()).as("nothing is left to go on from").isEmpty();
  }

  @Test
  void aStateThatIsGoneOrOfAnotherLessonBeginsAnew() {
    Tutor tutor = tutor(Layers.ALL, 3);
    tutor.resume("d".repeat(64));
    assertThat(tutor.teach(CHAMPION, champion, windows(fields), 0).failure()).isEmpty();
  }

  @Test
  void constantFieldsAndWeightsThatDoNotFitTeachNothing() {
    List<Field> constant = new ArrayList<>();
    for (int step = 0; step < 20; step++) {
      constant.add(field(step, new float[GRID.cells()]));
    }
    Tutor tutor = tutor(Layers.ALL, 3);
    assertThat(tutor.teach(CHAMPION, champion, windows(constant), 0).failure())
        .contains("are the same");
    List<float[]> other = Worlds.series(100, 1, day -> 0.1);
    assertThat(tutor.teach(CHAMPION, Worlds.weights(0.1, other), windows(fields), 0).failure())
        .contains("do not learn by gradients");
  }

  private static Tutor tutor(Layers layers, int steps) {
    TuningSettings tuning =
        new TuningSettings(
            1, false, 10, layers, 2, steps, Duration.ofMinutes(1), 1e-3, 1e-3, 0, 0.01, 60, 1, 1);
    return Tutors.of(STREAM, tuning, new WeightsStore(folder));
  }

  private static List<Window> windows(List<Field> fields) {
    List<Window> windows = new ArrayList<>();
    for (int i = 1; i + 1 < fields.size(); i++) {
      windows.add(
          new Window(
              fields.get(i).frame().validAt(),
              fields.subList(i - 1, i + 2).stream().map(Field::toArray).toList()));
    }
    return windows;
  }

  private static Field field(int step, float[] values) {
    return new Field(
        new Frame(Samples.T2M, GRID, Samples.hour(6 * step)), 1, Samples.ORIGIN, values);
  }

  private static List<Field> waves(int count) {
    Random random = new Random(1);
    List<Field> fields = new ArrayList<>();
    for (int step = 0; step < count; step++) {
      float[] values = new float[GRID.cells()];
      for (int cell = 0; cell < values.length; cell++) {
        double angle = 2 * Math.PI * (cell % GRID.columns() - 0.7 * step) / GRID.columns();
        values[cell] = (float) (280 + 8 * Math.sin(3 * angle) + random.nextGaussian());
      }
      fields.add(field(step, values));
    }
    return fields;
  }
}
