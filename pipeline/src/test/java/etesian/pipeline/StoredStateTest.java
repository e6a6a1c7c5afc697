package etesian.pipeline;

import static etesian.pipeline.Samples.hour;
import static etesian.pipeline.Samples.t2m;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.forecast.ForecastHarness;
import etesian.pipeline.forecast.ForecastOperator;
import etesian.pipeline.model.Forecaster;
import etesian.pipeline.model.ForecasterSource;
import etesian.pipeline.settings.DeviceSettings;
import etesian.pipeline.types.CodecType;
import etesian.pipeline.verify.Score;
import etesian.pipeline.verify.VerifyForecasts;
import etesian.pipeline.window.AssembleWindows;
import etesian.pipeline.window.FieldWindow;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OperatorSnapshotUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * State that earlier versions of this code wrote, as it lies in a savepoint, still restores. The
 * number is that of the sample; a change of any form in state adds one and leaves those before.
 */
@Timeout(60)
class StoredStateTest {
  private static final int HORIZON = 4;
  private static final String ONE = "1".repeat(64);

  /** The first was written before rollouts had revisions, the fourth refused a champion. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void rolloutsGoOnInTheirMiddle(int sample) throws Exception {
    try (var harness = forecasts()) {
      harness.initializeState(stored("forecast", sample));
      harness.open();
      harness.end();
      assertThat(steps(harness))
          .containsExactlyInAnyOrder(
              "00:00 +3 283.0",
              "00:00 +4 284.0",
              "06:00 +1 291.0",
              "06:00 +2 292.0",
              "06:00 +3 293.0",
              "06:00 +4 294.0");
      assertThat(harness.extractOutputValues())
          .extracting(Forecast::weightsSha256)
          .containsOnly(ONE);
    }
  }

  @Test
  void whatWasIssuedIsSuperseded() throws Exception {
    try (var harness = forecasts()) {
      harness.initializeState(stored("forecast", 2));
      harness.open();
      harness.receive(new FieldWindow("t2m", hour(0), 1, 0, fields(0, 380)));
      harness.end();
      assertThat(harness.extractOutputValues())
          .filteredOn(forecast -> forecast.issueTime().equals(hour(0)))
          .extracting(Forecast::firstLead, Forecast::revision, Forecast::supersedes)
          .containsExactly(
              tuple(1, 1, 0),
              tuple(2, 1, 0),
              tuple(3, 1, Forecast.NOTHING),
              tuple(4, 1, Forecast.NOTHING));
    }
  }

  /** The first was written before fields had revisions of their own. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void halfAWindowWaitsForTheOther(int sample) throws Exception {
    try (var harness = windows()) {
      harness.initializeState(stored("windows", sample));
      harness.open();
      harness.processElement(field(6, 286));
      assertThat(harness.extractOutputValues())
          .singleElement()
          .satisfies(
              window -> {
                assertThat(window.issueTime()).isEqualTo(hour(6));
                assertThat(window.frames()).extracting(Field::toArray).hasSize(2);
                assertThat(window.frames().get(0).toArray()).containsOnly(280);
              });
    }
  }

  /** One pair was scored before, a second one waits; then the truth of the first changes. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void whatWasScoredCountsOn(int sample) throws Exception {
    try (var harness = pairs()) {
      harness.initializeState(stored("verify", sample));
      harness.open();
      harness.processElement2(field(12, 284));
      harness.processBothWatermarks(new Watermark(hour(12).toEpochMilli()));
      harness.processElement2(new StreamRecord<>(t2m(hour(6), 281, 2), hour(6).toEpochMilli()));
      List<Score> scores = harness.extractOutputValues();
      assertThat(scores).hasSize(2).extracting(Score::n).containsOnly(2L);
      assertThat(scores.get(0).rmse()).isCloseTo(1, within(1e-6));
      assertThat(scores.get(0).rmsePersistence()).isCloseTo(2, within(1e-6));
      assertThat(scores.get(1).scoreRevision()).isEqualTo(1);
      assertThat(scores.get(1).rmse()).isCloseTo(Math.sqrt((4 + 1) / 2.0), within(1e-6));
    }
  }

  /** Writes a new sample of each; arguments are the folder and the number. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    try (var harness = forecasts(StoredStateTest::oneOnly)) {
      harness.open();
      Champion first = new Champion("t2m", "m2no", ONE, Champion.ALWAYS, null);
      harness.announce(first);
      harness.announce(first.then("m2no", "2".repeat(64), hour(6)));
      harness.letters(2);
      harness.receive(new FieldWindow("t2m", fields(0, 280)));
      harness.letters(2);
      harness.receive(new FieldWindow("t2m", fields(6, 290)));
      write(harness.snapshot(1, 1), folder, "forecast", arguments[1]);
    }
    try (var harness = windows()) {
      harness.open();
      harness.processElement(field(0, 280));
      harness.processWatermark(hour(0).toEpochMilli());
      write(harness.snapshot(1, 1), folder, "windows", arguments[1]);
    }
    try (var harness = pairs()) {
      harness.open();
      harness.processElement2(field(0, 280));
      harness.processElement1(new StreamRecord<>(forecast(0, 283), hour(0).toEpochMilli()));
      harness.processBothWatermarks(new Watermark(hour(0).toEpochMilli()));
      harness.processElement2(field(6, 282));
      harness.processElement1(new StreamRecord<>(forecast(6, 285), hour(6).toEpochMilli()));
      harness.processBothWatermarks(new Watermark(hour(6).toEpochMilli()));
      write(harness.snapshot(1, 1), folder, "verify", arguments[1]);
    }
  }

  private static void write(OperatorSubtaskState state, Path folder, String name, String sample)
      throws Exception {
    OperatorSnapshotUtil.writeStateHandle(
        state, folder.resolve(name + "-" + sample + ".state").toString());
  }

  private static OperatorSubtaskState stored(String name, int sample) throws Exception {
    String file = name + "-" + sample + ".state";
    return OperatorSnapshotUtil.readStateHandle(
        Path.of(StoredStateTest.class.getResource(file).toURI()).toString());
  }

  private static ForecastHarness forecasts() throws Exception {
    return forecasts(sha256 -> new PlusOne());
  }

  private static Forecaster oneOnly(String sha256) {
    if (!sha256.equals(ONE)) {
      throw new IllegalArgumentException("as the sample wants it");
    }
    return new PlusOne();
  }

  private static ForecastHarness forecasts(ForecasterSource source) throws Exception {
    return new ForecastHarness(
        new ForecastOperator(
            Samples.stream(1, HORIZON), new DeviceSettings(1, 1, 1 << 20, 1), source, List.of()));
  }

  private static KeyedOneInputStreamOperatorTestHarness<String, Field, FieldWindow> windows()
      throws Exception {
    var harness =
        new KeyedOneInputStreamOperatorTestHarness<String, Field, FieldWindow>(
            new KeyedProcessOperator<>(new AssembleWindows(Samples.stream(2, HORIZON))),
            field -> "t2m",
            Types.STRING);
    harness.setup(
        new CodecType<>(FieldWindow.class, new FieldWindow.WindowCodec())
            .createSerializer(new SerializerConfigImpl()));
    return harness;
  }

  private static KeyedTwoInputStreamOperatorTestHarness<String, Forecast, Field, Score> pairs()
      throws Exception {
    var harness =
        new KeyedTwoInputStreamOperatorTestHarness<String, Forecast, Field, Score>(
            new KeyedCoProcessOperator<>(new VerifyForecasts(Samples.stream(1, HORIZON))),
            forecast -> "t2m",
            field -> "t2m",
            Types.STRING);
    harness.setup(
        new CodecType<>(Score.class, new Score.ScoreCodec())
            .createSerializer(new SerializerConfigImpl()));
    return harness;
  }

  private static List<String> steps(ForecastHarness harness) {
    return harness.forecasts().stream()
        .map(
            forecast ->
                forecast.issueTime().toString().substring(11, 16)
                    + " +"
                    + forecast.firstLead()
                    + " "
                    + forecast.steps().get(0).values()[0])
        .toList();
  }

  private static StreamRecord<Field> field(int hour, float value) {
    return new StreamRecord<>(t2m(hour(hour), value), hour(hour).toEpochMilli());
  }

  private static List<Field> fields(int hour, float value) {
    return List.of(t2m(hour(hour), value));
  }

  private static Forecast forecast(int hour, float value) {
    float[] values = new float[Samples.GRID.cells()];
    Arrays.fill(values, value);
    return new Forecast(
        "t2m",
        Samples.T2M,
        Samples.GRID,
        hour(hour),
        0,
        Forecast.NOTHING,
        List.of(new Forecast.Step(1, hour(hour + 6), values)),
        "m2no",
        ONE,
        List.of(Samples.ORIGIN));
  }
}
