package etesian.pipeline.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Grid;
import etesian.ingest.field.TimeStep;
import etesian.operators.Weights;
import etesian.operators.physics.Surface;
import etesian.pipeline.Samples;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.climatology.Harmonics;
import etesian.pipeline.learn.ModelEvent.Kind;
import etesian.pipeline.learn.ReplayBuffer.Window;
import etesian.pipeline.learn.Tutor.Lesson;
import etesian.pipeline.learn.Workshop.Judged;
import etesian.pipeline.model.Forecasters;
import etesian.pipeline.model.Standardiser;
import etesian.pipeline.settings.PhysicsSettings;
import etesian.pipeline.settings.PhysicsSettings.Equation;
import etesian.pipeline.settings.PhysicsSettings.Wind;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import etesian.pipeline.tune.FirstWeights;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Temperatures that a west wind of 5 m/s carries along the rows: an exact solution. */
class PhysicsTest {
  private static final Grid GRID = new Grid(9, 24, 40, 0, 10, 15);
  private static final double WIND = 5;
  private static final StreamSettings STREAM =
      new StreamSettings(
          "t2m",
          "era5",
          "t2m",
          "K",
          GRID,
          TimeStep.parse("P1D"),
          2,
          2,
          1,
          Instant.EPOCH,
          StreamSettings.FROM_THE_FIRST,
          Duration.ZERO,
          "m2no",
          List.of(1));
  private static final String CHAMPION = "c".repeat(64);
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  @TempDir private static Path folder;
  private static List<float[]> newest;
  private static Weights champion;

  @BeforeAll
  static void trainForAMoment() {
    List<float[]> series = carried(400, step -> WIND, 0);
    newest = series.subList(0, 60);
    List<Field> fields = new ArrayList<>();
    for (int step = 0; step < series.size(); step++) {
      Frame frame = new Frame(Samples.T2M, GRID, Samples.hour(24 * step));
      fields.add(new Field(frame, 1, Samples.ORIGIN, series.get(step)));
    }
    champion =
        new FirstWeights(Duration.ofMillis(200), (stream, done, loss) -> {}).train(STREAM, fields);
  }

  @Test
  void aLessonHeedsTheEquationAndIsJudgedOnWindowsHeldBack() {
    Lesson lesson = teach(physics(WIND), windows(newest));
    assertThat(lesson.failure()).isEmpty();
    assertThat(lesson.evidence().get("last_physics"))
        .isLessThan(0.7 * lesson.evidence().get("first_physics"));
    assertThat(lesson.evidence().get("held_back_windows")).isEqualTo(11); // a fifth of 58
    assertThat(lesson.evidence().get("windows_taught")).isEqualTo(58 - 11);
    assertThat(lesson.evidence().get("held_back_after"))
        .isLessThanOrEqualTo(lesson.evidence().get("held_back_before"));
    Forecasters.load(lesson.weights(), STREAM).close(); // complete, and for this stream
  }

  @Test
  void withoutAnEquationNothingIsHeldBack() {
    assertThat(teach(null, windows(newest)).evidence())
        .doesNotContainKeys("held_back_windows", "first_physics");
  }

  @Test
  void anUpdateThatRaisesTheLossOnWhatIsHeldBackIsDroppedAndTheEventSaysSo() {
    List<Window> planted = new ArrayList<>(windows(newest));
    for (int i = 0; i < planted.size() * 3 / 4; i++) { // the past lies, what is held back does not
      List<float[]> fields = new ArrayList<>(planted.get(i).fields());
      fields.set(2, mirrored(fields.get(2)));
      planted.set(i, new Window(planted.get(i).issueTime(), fields));
    }
    Lesson lesson =
        Tutors.of(STREAM, tuning(physics(WIND, 1e-6), 0.01), new WeightsStore(folder))
            .teach(CHAMPION, champion, planted, 0);
    assertThat(lesson.weights()).isNull();
    assertThat(lesson.failure())
        .contains("loss on 11 windows held back rose from")
        .contains("dropped");
    assertThat(lesson.evidence().get("held_back_after"))
        .isGreaterThan(lesson.evidence().get("held_back_before"));

    Learning learning = new Learning(STREAM, tuning(physics(WIND)));
    learning.crown(new Champion("t2m", "m2no", CHAMPION, Champion.ALWAYS, null), NOW);
    List<ModelEvent> events =
        learning.taught(
            new Learning.Due(CHAMPION, planted, 0),
            new Workshop.Taught(null, lesson.failure(), lesson.evidence()),
            NOW);
    assertThat(events).extracting(ModelEvent::event).containsExactly(Kind.REFUSED);
    assertThat(events.get(0).reason()).contains("dropped");
    assertThat(learning.candidate()).isEmpty();
  }

  @Test
  void aGridWithoutRoomForDerivativesFailsTheLessonWithTheReason() {
    float[] land = new float[GRID.cells()];
    for (int cell = 0; cell < land.length; cell++) {
      land[cell] = cell % 3 == 0 ? Float.NaN : 0; // no five cells in a row are sea
    }
    List<float[]> holed = new ArrayList<>();
    for (float[] field : newest) {
      float[] copy = field.clone();
      for (int cell = 0; cell < copy.length; cell++) {
        copy[cell] += land[cell];
      }
      holed.add(copy);
    }
    assertThat(teach(physics(WIND), windows(holed)).failure())
        .contains("none whose neighbours are all inside");
  }

  @Test
  void observationsThatObeyTheEquationLeaveLittleOver() {
    Standardiser normal = normal();
    try (PhysicsWatch right = new PhysicsWatch(STREAM, physics(WIND));
        PhysicsWatch wrong = new PhysicsWatch(STREAM, physics(-WIND));
        PhysicsWatch none = new PhysicsWatch(STREAM, null)) {
      Window window = windows(carried(60, step -> WIND, 0)).get(20);
      assertThat(right.ratio(normal, window)).isLessThan(0.1);
      assertThat(wrong.ratio(normal, window)).isCloseTo(2, within(0.1));
      assertThat(none.ratio(normal, window)).isNaN();
    }
  }

  /** A planetary wave goes westwards as the equation has it; eastwards it does not. */
  @Test
  void aGeopotentialIsTakenForAStreamFunction() {
    Grid grid = new Grid(31, 72, 75, 0, 5, 5);
    StreamSettings heights =
        new StreamSettings(
            "z500",
            "era5",
            "z_500",
            "m**2 s**-2",
            grid,
            TimeStep.parse("PT3H"),
            2,
            2,
            1,
            Instant.EPOCH,
            StreamSettings.FROM_THE_FIRST,
            Duration.ZERO,
            "m2no",
            List.of(1));
    PhysicsSettings turning =
        new PhysicsSettings(
            Equation.BAROTROPIC_VORTICITY, "", new Wind("", 0), new Wind("", 0), 0, 45, 1);
    Standardiser normal =
        Standardiser.fit(
            new Harmonics(0, 0),
            1,
            List.of(Samples.hour(0), Samples.hour(3)),
            List.of(planetary(grid, -1, 0), planetary(grid, -1, 9)));
    try (PhysicsWatch watch = new PhysicsWatch(heights, turning)) {
      assertThat(watch.ratio(normal, planetary(grid, -1))).isLessThan(0.1);
      assertThat(watch.ratio(normal, planetary(grid, 1))).isCloseTo(2, within(0.2));
    }
  }

  private static Window planetary(Grid grid, int eastwards) {
    List<float[]> fields = new ArrayList<>();
    for (int step = 0; step < 3; step++) {
      fields.add(planetary(grid, eastwards, step));
    }
    return new Window(Samples.hour(3), fields);
  }

  /** Of degree 4 and order 3: it turns by 2 Omega / (4 * 5) in a second. */
  private static float[] planetary(Grid grid, int eastwards, int step) {
    float[] values = new float[grid.cells()];
    double turned = eastwards * 2 * 7.292e-5 / 20 * step * 3 * 3600;
    for (int cell = 0; cell < values.length; cell++) {
      double phi = Math.toRadians(grid.latitude(cell / grid.columns()));
      double lambda = Math.toRadians(grid.longitude(cell % grid.columns()));
      double wave = Math.cos(3 * (lambda - turned)) * Math.pow(Math.cos(phi), 3) * Math.sin(phi);
      values[cell] = (float) (54_000 + 2_000 * wave);
    }
    return values;
  }

  @Test
  void whenTheWindTurnsTheResidualDriftsAndTheEventNamesIt() throws Exception {
    int change = 120;
    List<float[]> turning = carried(240, step -> step < change ? WIND : -WIND, 0.05);
    TuningSettings tuning = tuning(physics(WIND));
    Learning learning = new Learning(STREAM, tuning);
    learning.crown(new Champion("t2m", "m2no", CHAMPION, Champion.ALWAYS, null), NOW);
    Standardiser normal = normal();
    Random errors = new Random(1);
    List<ModelEvent> events = new ArrayList<>();
    int judged = 0;
    int first = 0;
    try (PhysicsWatch watch = new PhysicsWatch(STREAM, tuning.physics())) {
      for (int step = 0; step < turning.size(); step++) {
        learning.observe(Samples.hour(24 * step), turning.get(step), NOW);
        Optional<Window> window = learning.window();
        if (window.isPresent()) {
          double ratio = watch.ratio(normal, window.get());
          Map<String, double[]> losses =
              Map.of(CHAMPION, new double[] {1 + 0.1 * errors.nextDouble()});
          Judged found = new Judged(losses, Double.NaN, ratio, 0, Map.of(), Optional.empty());
          events.addAll(learning.judge(window.get(), found, NOW).events());
          assertThat(learning.residual()).isEqualTo(ratio);
          judged++;
          first = events.isEmpty() ? judged : first;
          learning = stored(learning, tuning); // the detector survives a restart
        }
      }
    }
    assertThat(events).isNotEmpty();
    assertThat(events.get(0).event()).isEqualTo(Kind.DRIFT);
    assertThat(events.get(0).reason())
        .isEqualTo("the residual of advection-diffusion in the observed fields has gone up");
    assertThat(first).as("windows before the alarm").isBetween(change - 2, change + 10);
  }

  /** Written before there were equations: two windows of five fields judged. */
  @Test
  void whatWasLearnedBeforeThereWereEquationsGoesOn() throws Exception {
    StreamSettings small =
        new StreamSettings(
            "t2m",
            "era5",
            "t2m",
            "K",
            new Grid(2, 2, 10, 0, 10, 10),
            TimeStep.parse("PT6H"),
            2,
            2,
            1,
            Instant.EPOCH,
            StreamSettings.FROM_THE_FIRST,
            Duration.ZERO,
            "m2no",
            List.of(1));
    try (DataInputStream in =
        new DataInputStream(PhysicsTest.class.getResourceAsStream("learning-1.state"))) {
      Learning learning = new LearningCodec(small, TuningSettings.OFF).read(in);
      assertThat(in.read()).as("the end").isEqualTo(-1);
      assertThat(learning.champion().orElseThrow().weightsSha256()).isEqualTo(CHAMPION);
      assertThat(learning.window().orElseThrow().issueTime())
          .as("the third")
          .isEqualTo(Instant.parse("2020-01-01T18:00:00Z"));
      assertThat(learning.residual()).isNaN();
    }
  }

  private static Learning stored(Learning learning, TuningSettings tuning) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    LearningCodec codec = new LearningCodec(STREAM, tuning);
    codec.write(learning, new DataOutputStream(bytes));
    return codec.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
  }

  private static Lesson teach(PhysicsSettings physics, List<Window> windows) {
    return Tutors.of(STREAM, tuning(physics), new WeightsStore(folder))
        .teach(CHAMPION, champion, windows, 0);
  }

  private static PhysicsSettings physics(double u) {
    return physics(u, 1);
  }

  private static PhysicsSettings physics(double u, double weight) {
    return new PhysicsSettings(
        Equation.ADVECTION_DIFFUSION, "", new Wind("", u), new Wind("", 0), 0, 0, weight);
  }

  private static TuningSettings tuning(PhysicsSettings physics) {
    return tuning(physics, 3e-3);
  }

  private static TuningSettings tuning(PhysicsSettings physics, double rate) {
    return TuningSettings.OFF
        .with(
            t ->
                t.drift(true)
                    .atLeast(10)
                    .rank(2)
                    .steps(15)
                    .learningRate(rate)
                    .blocks(60)
                    .replayMebibytes(1))
        .withPhysics(physics);
  }

  private static Standardiser normal() {
    List<Instant> times = new ArrayList<>();
    List<float[]> fields = new ArrayList<>();
    for (int step = 0; step < 4; step++) { // in the mean 280 K, always
      times.add(Samples.hour(6 * step));
      float[] field = new float[GRID.cells()];
      Arrays.fill(field, 280 + (step % 2 == 0 ? 1 : -1));
      fields.add(field);
    }
    return Standardiser.fit(new Harmonics(0, 0), 1, times, fields);
  }

  private static float[] mirrored(float[] field) {
    float[] copy = field.clone();
    for (int cell = 0; cell < copy.length; cell++) {
      copy[cell] = 560 - copy[cell];
    }
    return copy;
  }

  private static List<Window> windows(List<float[]> fields) {
    List<Window> windows = new ArrayList<>();
    for (int i = 1; i + 1 < fields.size(); i++) {
      windows.add(new Window(Samples.hour(24 * i), fields.subList(i - 1, i + 2)));
    }
    return windows;
  }

  /** M/s by step. */
  @FunctionalInterface
  private interface Speed {
    double at(int step);
  }

  private static List<float[]> carried(int count, Speed speed, double noise) {
    Random random = new Random(5);
    List<float[]> fields = new ArrayList<>();
    double metres = 0;
    for (int step = 0; step < count; step++) {
      float[] values = new float[GRID.cells()];
      for (int cell = 0; cell < values.length; cell++) {
        double cos = Math.cos(Math.toRadians(GRID.latitude(cell / GRID.columns())));
        double lambda =
            Math.toRadians(GRID.longitude(cell % GRID.columns())) - metres / (Surface.RADIUS * cos);
        double wave = 8 * Math.sin(2 * lambda) + 4 * Math.cos(3 * lambda + 1);
        values[cell] = (float) (280 + wave + noise * random.nextGaussian());
      }
      fields.add(values);
      metres += speed.at(step) * 24 * 3600;
    }
    return fields;
  }
}
