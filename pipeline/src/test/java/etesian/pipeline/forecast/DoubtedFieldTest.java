package etesian.pipeline.forecast;

import static etesian.pipeline.learn.Worlds.day;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Forecast;
import etesian.operators.Weights;
import etesian.pipeline.Samples;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.learn.Worlds;
import etesian.pipeline.metrics.CountedTask;
import etesian.pipeline.metrics.Meters;
import etesian.pipeline.model.Forecaster;
import etesian.pipeline.model.Forecasters;
import etesian.pipeline.settings.DeviceSettings;
import etesian.pipeline.settings.EnsembleSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.window.FieldWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A fill value that the file does not declare, in two cells of one day. */
@Timeout(60)
class DoubtedFieldTest {
  private static final List<float[]> SERIES = Worlds.series(400, 1, day -> 0.1);
  private static final Weights WEIGHTS = Worlds.weights(0.1, SERIES);
  private static final Champion CHAMPION =
      new Champion("t2m", "smnn", "a".repeat(64), Champion.ALWAYS, null);
  private static final int FIRST_CELL = 1;
  private static final int OTHER_CELL = 4;
  private static final int DAY = 100;

  /** The issue times of all windows that hold the day. */
  private static final int[] ISSUES = IntStream.range(DAY, DAY + Worlds.HISTORY).toArray();

  @Test
  void whatNobodyCanHaveSeenIsAsIfItWereMissing() throws Exception {
    for (StreamSettings stream : List.of(Worlds.stream(), ensemble())) {
      List<List<Forecast.Step>> missing = forecasts(stream, Float.NaN);
      assertThat(forecasts(stream, -9999)).isEqualTo(missing);
      assertThat(forecasts(stream, Float.POSITIVE_INFINITY)).isEqualTo(missing);
      assertThat(missing.get(0).get(0).values()[FIRST_CELL]).as("in the newest field").isNaN();
      assertThat(missing.get(1).get(0).values()[FIRST_CELL]).as("later").isBetween(250f, 310f);
    }
  }

  @Test
  void aFieldInTheWindowsOfManyForecastsIsToldOfOnce() throws Exception {
    Warnings warnings = new Warnings();
    Logger log = (Logger) LogManager.getLogger(Doubts.class);
    log.addAppender(warnings);
    log.setLevel(Level.WARN); // in this order: an appender brings a level with it
    try {
      forecasts(Worlds.stream(), -9999);
    } finally {
      log.removeAppender(warnings);
    }
    assertThat(warnings.said)
        .containsExactly(
            "stream t2m: t2m valid at 2000-04-10T00:00:00Z has 2 values that nobody can have seen,"
                + " such as -9999.0: forecasts take them for missing; does its file lack a"
                + " _FillValue?");
  }

  @Test
  void aFieldIsCountedOnceAndAgainWithOtherValues() {
    CountedTask task = new CountedTask();
    Meters meters = Meters.of(task.getOrAddOperator("forecast"));
    ForecastMetrics metrics =
        new ForecastMetrics(meters.with("stream", "t2m"), new Roster(1, 1, 1));
    Doubts doubts = new Doubts(Worlds.stream(), metrics);
    DoubtedField field = new DoubtedField("t2m", day(DAY), 2, -9999);
    for (int issue : ISSUES) {
      doubts.tell(List.of(field), day(issue));
    }
    assertThat(task.number("fields_doubted_total")).isEqualTo(1);
    doubts.tell(List.of(new DoubtedField("t2m", day(DAY), 1, -9999)), day(DAY)); // revised
    assertThat(task.number("fields_doubted_total")).isEqualTo(2);
  }

  /** Nothing is copied, and nothing said. */
  @Test
  void aWindowOfHonestFieldsStaysAsItIs() {
    Rollout rollout = Rollout.of(window(DAY, Float.NaN)).begin(CHAMPION);
    try (Forecaster model = Forecasters.load(WEIGHTS, Worlds.stream())) {
      assertThat(rollout.observedBy(model)).isSameAs(rollout);
      assertThat(new Advancer(Worlds.stream(), 1).advance(List.of(rollout), model).get(0).doubted())
          .isEmpty();
    }
  }

  /** A variable of several keeps its own count and value. */
  @Test
  void eachVariableOfAFieldIsToldOfByItself() {
    StreamSettings stream = Samples.streamOfTwo(2, 1);
    List<float[]> came = new ArrayList<>(List.of(new float[12], new float[12]));
    came.get(0)[3] = -32768;
    came.get(0)[7] = 1e20f;
    came.get(0)[8] = 9e19f;
    Rollout before = rollout(came);
    float[] left = came.get(0).clone();
    left[3] = left[7] = left[8] = Float.NaN;
    assertThat(DoubtedField.in(before, rollout(List.of(left, came.get(1))), stream))
        .containsExactly(
            new DoubtedField("t2m", Samples.hour(0), 1, -32768),
            new DoubtedField("u10", Samples.hour(0), 2, 1e20f));
  }

  private static Rollout rollout(List<float[]> frames) {
    return new Rollout(
        List.of(Samples.T2M, Samples.U10),
        Samples.GRID,
        Samples.hour(6),
        0,
        "",
        "",
        1,
        List.copyOf(frames),
        List.of());
  }

  private static StreamSettings ensemble() {
    return Worlds.stream()
        .withEnsemble(new EnsembleSettings(3, 0.1, 3, 500, true, 0, List.of(0.5), true, 0));
  }

  /** The steps of each issue time, with a value in two cells of the day. */
  private static List<List<Forecast.Step>> forecasts(StreamSettings stream, float value)
      throws Exception {
    try (ForecastHarness harness =
        new ForecastHarness(
            new ForecastOperator(
                stream,
                new DeviceSettings(8, 1, 1 << 20, 1), // one a batch, for equal bits
                sha256 -> Forecasters.load(WEIGHTS, stream),
                List.of(CHAMPION)))) {
      harness.open();
      for (int issue : ISSUES) {
        harness.receive(window(issue, value));
      }
      harness.end();
      return IntStream.of(ISSUES)
          .mapToObj(
              issue ->
                  harness.forecasts(day(issue)).stream()
                      .flatMap(forecast -> forecast.steps().stream())
                      .toList())
          .toList();
    }
  }

  private static FieldWindow window(int issue, float value) {
    return new FieldWindow(
        "t2m",
        IntStream.rangeClosed(issue - Worlds.HISTORY + 1, issue)
            .mapToObj(day -> Worlds.field(day, day == DAY ? with(value) : SERIES.get(day)))
            .toList());
  }

  private static float[] with(float value) {
    float[] field = SERIES.get(DAY).clone();
    field[FIRST_CELL] = value;
    field[OTHER_CELL] = value;
    return field;
  }

  private static final class Warnings extends AbstractAppender {
    private final List<String> said = new ArrayList<>();

    Warnings() {
      super("warnings", null, null, true, Property.EMPTY_ARRAY);
      start();
    }

    @Override
    public void append(LogEvent event) {
      said.add(event.getMessage().getFormattedMessage());
    }
  }
}
