package etesian.pipeline.learn;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.operators.smnn.DailyCorrectionTrainer;
import etesian.operators.smnn.MechanisticForecaster;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.learn.ReplayBuffer.Window;
import etesian.pipeline.learn.Tutor.Lesson;
import etesian.pipeline.model.Channels;
import etesian.pipeline.model.Forecasters;
import etesian.pipeline.model.Standardiser;
import etesian.pipeline.model.StreamCard;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** S-MNN on red noise, by what a lesson may be given. */
class MechanisticTutorTest {
  private static final StreamSettings STREAM = Worlds.stream();
  private static final String CHAMPION = "c".repeat(64);
  private static final int DAYS = 200;
  private static final List<float[]> SERIES = Worlds.series(DAYS, 1, day -> 0.5);
  private static final Weights WEIGHTS = Worlds.weights(0.1, SERIES);

  @TempDir private Path folder;

  @Test
  void aLessonMakesTheLossSmaller() {
    Lesson lesson = teach(WEIGHTS, SERIES);
    assertThat(lesson.failure()).isEmpty();
    assertThat(lesson.evidence().get("loss_after"))
        .isLessThan(lesson.evidence().get("loss_before"));
    assertThat(lesson.weights().metadata()).containsEntry("lineage.parent", CHAMPION);
  }

  /** The champion's patterns stay; what they say of each other is solved anew. */
  @Test
  void aLessonTeachesModesAndTheCorrectionFromTheWholeField() {
    Weights corrected = corrected(SERIES);
    List<float[]> changed = Worlds.series(DAYS, 7, day -> 0.9);
    Lesson lesson = teach(corrected, changed);
    assertThat(lesson.failure()).isEmpty();
    assertThat(lesson.evidence()).containsKeys("loss_after", "error_ratio");
    Map<String, Tensor> before = corrected.tensors();
    Map<String, Tensor> after = lesson.weights().tensors();
    assertThat(after.get("daily.patterns").values())
        .isEqualTo(before.get("daily.patterns").values());
    for (String name : List.of("rate", "daily.weight")) {
      assertThat(after.get(name).values()).as(name).isNotEqualTo(before.get(name).values());
    }
    Forecasters.load(lesson.weights(), STREAM).close();
  }

  /** {@link #WEIGHTS} with a correction of their series, worthwhile or not. */
  private static Weights corrected(List<float[]> series) {
    List<Instant> times = IntStream.range(0, DAYS).mapToObj(Worlds::day).toList();
    Standardiser standardiser = Standardiser.of(WEIGHTS);
    int cells = STREAM.grid().cells();
    double[] alike = new double[cells];
    Arrays.fill(alike, 1);
    return Forecasters.complete(
        DailyCorrectionTrainer.ofAllTimes(
                MechanisticForecaster.of(Standardiser.without(WEIGHTS)),
                standardiser.anomalies(times, series),
                alike,
                IntStream.rangeClosed(0, DAYS - Worlds.HISTORY - Worlds.HORIZON).toArray())
            .weights(),
        StreamCard.of(STREAM),
        Channels.HISTORY,
        standardiser,
        Map.of());
  }

  @Test
  void aRateThatMakesTheMechanismExplodeTeachesNothing() {
    Lesson lesson = tutor(60, 1e6).teach(CHAMPION, WEIGHTS, windows(SERIES), 0);
    assertThat(lesson.weights()).isNull();
    assertThat(lesson.failure()).contains("rate Infinity");
  }

  @ParameterizedTest
  @ValueSource(floats = {1e30f, Float.NaN, Float.POSITIVE_INFINITY})
  void weightsThatOverflowTeachNothing(float value) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(WEIGHTS.tensors());
    tensors.replaceAll(
        (name, tensor) -> {
          float[] values = tensor.values().clone();
          if (!name.startsWith("climatology")) {
            Arrays.fill(values, value);
          }
          return new Tensor(values, tensor.shape());
        });
    Lesson lesson = teach(new Weights(WEIGHTS.metadata(), tensors), SERIES);
    assertThat(lesson.weights()).isNull();
    assertThat(lesson.failure()).isNotBlank();
  }

  /** No variance is left in which a law could be found. */
  @Test
  void constantFieldsTeachNothing() {
    List<float[]> constant = new ArrayList<>();
    for (int day = 0; day < 60; day++) {
      constant.add(SERIES.get(0));
    }
    assertThat(teach(WEIGHTS, constant).failure()).contains("are the same");
  }

  /** One field differs, in a cell: what is left is hardly more than rounding. */
  @Test
  void fieldsThatHardlyVaryTeachNothingThatIsNoNumber() {
    List<float[]> stuck = new ArrayList<>();
    for (int day = 0; day < 60; day++) {
      stuck.add(SERIES.get(0).clone());
    }
    stuck.get(30)[2] = Math.nextUp(stuck.get(30)[2]);
    Lesson lesson = teach(Worlds.weights(0.1, stuck), stuck);
    assertThat(lesson.failure()).isEmpty();
    lesson
        .weights()
        .tensors()
        .forEach(
            (name, tensor) -> {
              for (float value : tensor.values()) {
                assertThat(Float.isFinite(value)).as("%s holds %s", name, value).isTrue();
              }
            });
  }

  @Test
  void weightsOfAnotherGridOrArchitectureTeachNothing() {
    Map<String, String> metadata = new LinkedHashMap<>(WEIGHTS.metadata());
    metadata.put("stream.grid", "3 2 50.0 0.0 10.0 10.0");
    assertThat(teach(new Weights(metadata, WEIGHTS.tensors()), SERIES).failure())
        .contains("the weights are for", "3x2");
    metadata.putAll(WEIGHTS.metadata());
    metadata.put("architecture", "m2no");
    assertThat(teach(new Weights(metadata, WEIGHTS.tensors()), SERIES).failure())
        .contains("of the architecture 'm2no', the settings ask for 'smnn'");
  }

  @ParameterizedTest
  @ValueSource(floats = {-99_999, 1e20f, 9.96921e36f, Float.POSITIVE_INFINITY})
  void valuesThatNobodyCanHaveSeenTeachAsMissingOnesDo(float fill) {
    Lesson missing = teach(WEIGHTS, withValue(Float.NaN));
    Lesson filled = teach(WEIGHTS, withValue(fill));
    assertThat(filled.failure()).isEmpty();
    assertThat(filled.weights().tensors()).isEqualTo(missing.weights().tensors());
    assertThat(filled.evidence()).containsEntry("fields_with_absurd_values", 1.0);
  }

  @Test
  void windowsOfAFieldThatDidNotComeThroughAreLeftOut() {
    List<float[]> series = new ArrayList<>(SERIES);
    float[] nothing = new float[SERIES.get(0).length];
    Arrays.fill(nothing, Float.NaN);
    series.set(90, nothing);
    Lesson lesson = teach(WEIGHTS, series);
    assertThat(lesson.failure()).isEmpty();
    assertThat(lesson.evidence())
        .containsEntry("windows_left_out", (double) (Worlds.HISTORY + Worlds.HORIZON))
        .containsEntry(
            "windows_taught", (double) (DAYS - 2 * (Worlds.HISTORY + Worlds.HORIZON) + 1));
  }

  /** A window is never of both sides. */
  @Test
  void overAGapOfMonthsTheWindowsOfBothSidesTeachTogether() {
    List<Window> windows = windows(SERIES);
    windows.removeIf(
        w -> w.issueTime().isAfter(Worlds.day(40)) && w.issueTime().isBefore(Worlds.day(190 - 5)));
    Lesson lesson = tutor(60, 0.05).teach(CHAMPION, WEIGHTS, windows, 0);
    assertThat(lesson.failure()).isEmpty();
    assertThat(lesson.evidence()).containsEntry("windows", (double) windows.size());
  }

  /** A task that ends waits for its lesson. */
  @Test
  @Timeout(20)
  void anInterruptEndsALesson() {
    Tutor endless = tutor(Integer.MAX_VALUE, 1e-6);
    Thread.currentThread().interrupt();
    Lesson lesson = endless.teach(CHAMPION, WEIGHTS, windows(SERIES), 0);
    assertThat(Thread.interrupted()).as("said on").isTrue();
    assertThat(lesson.failure()).startsWith("the task is ending");
  }

  @Test
  void aLessonThatIsNotDoneInTimeSaysSo() {
    Duration brief = Duration.ofNanos(2);
    for (Weights champion : List.of(WEIGHTS, corrected(SERIES))) {
      Lesson lesson =
          Tutors.of(STREAM, tuning(60, 0.05).withBudget(brief), new WeightsStore(folder))
              .teach(CHAMPION, champion, windows(SERIES), 0);
      assertThat(lesson.weights()).isNull();
      assertThat(lesson.failure()).contains("not done within tuning.budget, PT0.000000002S");
    }
  }

  private static List<float[]> withValue(float value) {
    List<float[]> series = new ArrayList<>(SERIES);
    series.set(90, SERIES.get(90).clone());
    series.get(90)[2] = value;
    return series;
  }

  private Lesson teach(Weights champion, List<float[]> series) {
    return tutor(60, 0.05).teach(CHAMPION, champion, windows(series), 0);
  }

  private Tutor tutor(int steps, double rate) {
    return Tutors.of(STREAM, tuning(steps, rate), new WeightsStore(folder));
  }

  private static TuningSettings tuning(int steps, double rate) {
    return TuningSettings.OFF.with(
        t ->
            t.every(1)
                .atLeast(10)
                .rank(1)
                .steps(steps)
                .learningRate(rate)
                .blocks(60)
                .replayMebibytes(1));
  }

  private static List<Window> windows(List<float[]> series) {
    List<Window> windows = new ArrayList<>();
    for (int day = Worlds.HISTORY - 1; day + Worlds.HORIZON < series.size(); day++) {
      windows.add(
          new Window(
              Worlds.day(day), series.subList(day - Worlds.HISTORY + 1, day + Worlds.HORIZON + 1)));
    }
    return windows;
  }
}
