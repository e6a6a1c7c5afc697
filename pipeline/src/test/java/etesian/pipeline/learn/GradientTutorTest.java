package etesian.pipeline.learn;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Grid;
import etesian.ingest.field.TimeStep;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.pipeline.Samples;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.learn.ReplayBuffer.Window;
import etesian.pipeline.learn.Tutor.Lesson;
import etesian.pipeline.model.Forecasters;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import etesian.pipeline.settings.TuningSettings.Layers;
import etesian.pipeline.storage.Folder;
import etesian.pipeline.storage.ObjectStore;
import etesian.pipeline.tune.FirstWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    AtomicReference<Lesson> interrupted = new AtomicReference<>();
    Thread thread =
        new Thread(
            () -> interrupted.set(first.teach(CHAMPION, champion, windows(fields), 0)), "learns");
    thread.start();
    while (first.state().isEmpty()) {
      Thread.sleep(5);
    }
    thread.interrupt();
    thread.join();
    assertThat(interrupted.get().failure()).contains("goes on in the next one");
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
  void aLessonSurvivesAStoreThatFailsForAMoment() {
    WeightsStore store = new WeightsStore(Folder.parse("objects://lessons/weights"));
    Tutor tutor = Tutors.of(STREAM, tuning(Layers.LAST, 60, 1e-3), store);
    ObjectStore.failAfter(0, new IOException("connection reset")); // after 50 steps
    Lesson lesson = tutor.teach(CHAMPION, champion, windows(fields), 0);
    assertThat(lesson.failure()).isEmpty();
    assertThat(lesson.evidence()).containsEntry("steps", 60.0);
    assertThat(store.training().newestFirst()).hasSize(1);
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
        .contains("the weights are for");
  }

  /** As many cells, elsewhere: what comes of them would be taken for weights of this grid. */
  @Test
  void weightsOfAnotherGridOfTheSameSizeTeachNothing() {
    Weights elsewhere = with(champion, "stream.grid", "8 16 -70.0 0.0 20.0 22.5");
    assertThat(tutor(Layers.ALL, 3).teach(CHAMPION, elsewhere, windows(fields), 0).failure())
        .contains("the weights are for", "from -70.00N", "the settings ask for", "from 70.00N");
    Weights unknown = with(champion, "stream.channels", "SOME");
    assertThat(tutor(Layers.ALL, 3).teach(CHAMPION, unknown, windows(fields), 0).failure())
        .contains("stream.channels: SOME");
  }

  /** The first step is of the size of the rate; the loss after it is no float. */
  @ParameterizedTest
  @EnumSource(Layers.class)
  void aRateThatMakesTheLossExplodeTeachesNothing(Layers layers) {
    Tutor tutor = tutor(layers, 20, 1e6);
    Lesson lesson = tutor.teach(CHAMPION, champion, windows(fields), 0);
    assertThat(lesson.weights()).isNull();
    assertThat(lesson.failure()).contains("its gradient was no number after");
    assertThat(lesson.evidence().get("largest_gradient")).isPositive();
    assertThat(tutor.state()).as("nothing goes on from here").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e30, Double.NaN})
  void weightsThatOverflowTeachNothing(double factor) {
    Lesson lesson =
        tutor(Layers.ALL, 3).teach(CHAMPION, times(champion, factor), windows(fields), 0);
    assertThat(lesson.weights()).isNull();
    assertThat(lesson.failure()).contains("no number after 0 steps");
  }

  /** A fill value that the file does not declare is no observation. */
  @ParameterizedTest
  @ValueSource(floats = {-9999, 1e20f, 9.96921e36f, Float.NEGATIVE_INFINITY})
  void valuesThatNobodyCanHaveSeenTeachAsMissingOnesDo(float fill) {
    int cell = 5;
    Lesson missing = teach(changed(30, values -> values[cell] = Float.NaN));
    Lesson filled = teach(changed(30, values -> values[cell] = fill));
    assertThat(filled.failure()).isEmpty();
    assertThat(filled.weights().tensors()).isEqualTo(missing.weights().tensors());
    assertThat(filled.evidence()).containsKey("fields_with_absurd_values");
    assertThat(missing.evidence()).doesNotContainKey("fields_with_absurd_values");
  }

  /** No cell is then there always, and no lesson could be given while the field is remembered. */
  @Test
  void windowsOfAFieldThatDidNotComeThroughAreLeftOut() {
    Lesson lesson = teach(changed(30, values -> Arrays.fill(values, 3, GRID.cells(), Float.NaN)));
    assertThat(lesson.failure()).isEmpty();
    assertThat(lesson.evidence()).containsEntry("windows_left_out", 3.0);
    List<Field> torn = new ArrayList<>(fields);
    for (int step = 0; step < fields.size(); step += 3) { // one in each window
      torn.set(step, field(step, nothing()));
    }
    assertThat(teach(torn).failure()).contains("each of 58 windows holds a field that misses");
  }

  /** Three steps of eight. */
  @Test
  void noMoreWindowsAreMadeReadyThanTheStepsCanShow() {
    Lesson lesson = teach(fields);
    assertThat(lesson.evidence())
        .containsEntry("windows", 58.0)
        .containsEntry("windows_not_drawn", 58.0 - 24)
        .containsEntry("windows_taught", 24.0);
    assertThat(lesson.weights().metadata()).containsEntry("lineage.windows", "24");
    assertThat(teach(fields).weights().tensors())
        .as("the same ones each time")
        .isEqualTo(lesson.weights().tensors());
  }

  private static float[] nothing() {
    float[] nothing = new float[GRID.cells()];
    Arrays.fill(nothing, Float.NaN);
    return nothing;
  }

  private static Lesson teach(List<Field> fields) {
    return tutor(Layers.ALL, 3).teach(CHAMPION, champion, windows(fields), 0);
  }

  private static List<Field> changed(int step, Consumer<float[]> change) {
    List<Field> changed = new ArrayList<>(fields);
    float[] values = fields.get(step).toArray();
    change.accept(values);
    changed.set(step, field(step, values));
    return changed;
  }

  private static Weights with(Weights weights, String key, String value) {
    Map<String, String> metadata = new LinkedHashMap<>(weights.metadata());
    metadata.put(key, value);
    return new Weights(metadata, weights.tensors());
  }

  /** What is normal stays. */
  private static Weights times(Weights weights, double factor) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(weights.tensors());
    tensors.replaceAll(
        (name, tensor) -> {
          float[] values = tensor.values().clone();
          for (int i = 0; !name.startsWith("climatology") && i < values.length; i++) {
            values[i] *= (float) factor;
          }
          return new Tensor(values, tensor.shape());
        });
    return new Weights(weights.metadata(), tensors);
  }

  private static Tutor tutor(Layers layers, int steps) {
    return tutor(layers, steps, 1e-3);
  }

  private static Tutor tutor(Layers layers, int steps, double rate) {
    return Tutors.of(STREAM, tuning(layers, steps, rate), new WeightsStore(folder));
  }

  private static TuningSettings tuning(Layers layers, int steps, double rate) {
    return TuningSettings.OFF.with(
        t ->
            t.every(1)
                .atLeast(10)
                .layers(layers)
                .rank(2)
                .steps(steps)
                .learningRate(rate)
                .blocks(60)
                .replayMebibytes(1));
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
