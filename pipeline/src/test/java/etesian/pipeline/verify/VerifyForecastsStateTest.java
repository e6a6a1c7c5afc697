package etesian.pipeline.verify;

import static etesian.pipeline.Samples.hour;
import static etesian.pipeline.Samples.t2m;
import static etesian.pipeline.Samples.u10;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Grid;
import etesian.pipeline.Samples;
import etesian.pipeline.types.CodecType;
import java.time.Instant;
import java.util.List;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.junit.jupiter.api.Test;

/** What verification holds on to, and what it lets go. */
class VerifyForecastsStateTest extends VerifyFixture {
  private static final ValueStateDescriptor<SkillTable> SKILL =
      new ValueStateDescriptor<>(
          "skill", new CodecType<>(SkillTable.class, new SkillTable.SkillTableCodec()));

  @Test
  void leadsThatAreNotVerifiedTakeNoState() throws Exception {
    receive(forecast(hour(0), 283, 284, 285, 286));
    for (int step = 0; step <= 6; step++) {
      receive(t2m(hour(6 * step), 280));
    }
    watermark(hour(36));
    assertThat(scores()).extracting(Score::lead).containsExactly(1, 2);
  }

  @Test
  void stateIsLetGoAsTimeGoesOn() throws Exception {
    for (int step = 0; step < 100; step++) {
      receive(t2m(hour(6 * step), 280 + step, 0));
      receive(forecast(hour(6 * step), 281 + step, 282 + step));
      watermark(hour(6 * step));
      receive(t2m(hour(6 * step - 6), 281 + step, 1));
      receive(reissued(1, hour(6 * step - 6), 281, 282));
    }
    // Two leads for each of the four newest times, one and two that wait.
    assertThat(entries(STEPS)).isEqualTo(4 * 2 + 3);
    assertThat(entries(MATCHES)).isEqualTo(4 * 2);
    assertThat(entries(OBSERVATIONS)).isEqualTo(4);
    assertThat(harness.numEventTimeTimers()).as("for each of these times").isEqualTo(4 + 2);
    watermark(Instant.ofEpochMilli(Long.MAX_VALUE));
    assertThat(entries(STEPS) + entries(MATCHES) + entries(OBSERVATIONS)).isZero();
    assertThat(harness.numEventTimeTimers()).isZero();
  }

  @Test
  void anotherRetentionAndOtherLeadsAfterARestartLeaveNothingBehind() throws Exception {
    runSteps(0, 10);
    for (int retention : new int[] {8, 2}) {
      stream = VerifyStreams.stream("PT6H", "2020-01-01T00:00:00Z", 1).withRetention(retention);
      restart();
      runSteps(100 - 10 * retention, 120 - 10 * retention);
      assertThat(entries(OBSERVATIONS)).isEqualTo(retention);
      assertThat(entries(MATCHES)).isEqualTo(retention);
      assertThat(entries(STEPS)).isEqualTo(retention + 1);
    }
  }

  @Test
  void otherLeadsLeaveNothingBehindWhenNoTimeHadPassedYet() throws Exception {
    receive(forecast(hour(0), 281, 282));
    assertThat(entries(STEPS)).isEqualTo(2);
    stream = VerifyStreams.stream("PT6H", "2020-01-01T00:00:00Z", 1);
    restart();
    receive(t2m(hour(0), 280));
    assertThat(entries(STEPS)).as("lead 1").isEqualTo(1);
  }

  /** Of several variables each has timers of its own. */
  @Test
  void anotherRetentionAfterARestartHoldsForEveryVariable() throws Exception {
    startWithTwo();
    runStepsOfTwo(0, 10);
    stream = stream.withRetention(2);
    restart();
    runStepsOfTwo(10, 20);
    for (String key : List.of("t2m", "u10")) {
      operator().setCurrentKey(key);
      assertThat(entries(OBSERVATIONS)).as(key).isEqualTo(2);
      assertThat(entries(MATCHES)).as(key).isEqualTo(2 * 2);
      assertThat(entries(STEPS)).as(key).isEqualTo(2 * 2 + 3);
    }
  }

  @Test
  void aVariableThatIsTakenOutOfTheStreamIsForgotten() throws Exception {
    startWithTwo();
    runStepsOfTwo(0, 10);
    receive(t2m(hour(60), 280));
    receive(u10(hour(60), 5)); // its time passes only after the restart
    stream = STREAM;
    restart();
    runSteps(10, 12);
    assertThat(scores()).extracting(Score::variable).containsOnly("t2m");
    operator().setCurrentKey("u10");
    assertThat(entries(STEPS) + entries(MATCHES) + entries(OBSERVATIONS)).isZero();
  }

  private void startWithTwo() throws Exception {
    stop();
    stream = STREAM.withVariables(Samples.streamOfTwo(1, 2).variables());
    start();
  }

  private void runStepsOfTwo(int from, int to) throws Exception {
    for (int step = from; step < to; step++) {
      receive(t2m(hour(6 * step), 280));
      receive(u10(hour(6 * step), 5));
      receive(forecast(hour(6 * step), 281, 282));
      receive(of(Samples.U10, "abc", 0, hour(6 * step), 6, 7));
      watermark(hour(6 * step));
    }
  }

  /** A stream that learns makes weights for as long as it lives. */
  @Test
  void weightsThatServeNoMoreAreForgotten() throws Exception {
    int lessons = VerifyForecasts.WEIGHTS_KEPT + 30;
    for (int step = 0; step < lessons; step++) {
      receive(t2m(hour(6 * step), 280));
      receive(of(Samples.T2M, "weights " + step, 0, hour(6 * step), 281, 282));
      watermark(hour(6 * step));
    }
    assertThat(skill().weights())
        .as("retention and horizon are shorter than what is kept in any case")
        .hasSize(VerifyForecasts.WEIGHTS_KEPT)
        .contains("weights " + (lessons - 2))
        .doesNotContain("weights 0");
  }

  @Test
  void weightsWhosePairsMayStillBeRevisedAreNotForgotten() throws Exception {
    stream = VerifyStreams.stream("PT6H", "2020-01-01T00:00:00Z", 1).withRetention(40);
    restart();
    for (int step = 0; step < 40; step++) {
      receive(t2m(hour(6 * step), 280, 0));
      receive(of(Samples.T2M, "weights " + step, 0, hour(6 * step), 281));
      watermark(hour(6 * step));
    }
    receive(t2m(hour(6), 278, 1));
    Score revised = scores().get(scores().size() - 1);
    assertThat(revised.weightsSha256()).isEqualTo("weights 0");
    assertThat(revised.n()).isEqualTo(1);
    assertThat(revised.bias()).isCloseTo(3, within(1e-6));
  }

  private SkillTable skill() throws Exception {
    operator().setCurrentKey("t2m");
    return state(SKILL).value();
  }

  /** A region that moves has the same number of cells. */
  @Test
  void onAnotherGridVerificationBeginsAnew() throws Exception {
    runSteps(0, 10);
    Grid moved = new Grid(2, 3, 40, 0, 10, 10);
    stream = STREAM.withGrid(moved);
    restart();
    for (int step = 10; step < 14; step++) {
      receive(on(moved, hour(6 * step)));
      receive(on(moved, forecast(hour(6 * step), 281, 282)));
      watermark(hour(6 * step));
    }
    assertThat(scores()).extracting(Score::n).containsExactly(1L, 2L, 1L, 3L, 2L);
  }

  private static Field on(Grid grid, Instant validAt) {
    Field field = t2m(validAt, 280);
    return new Field(
        new Frame(field.frame().variable(), grid, validAt), 1, Samples.ORIGIN, field.toArray());
  }

  private static Forecast on(Grid grid, Forecast forecast) {
    return new Forecast(
        forecast.stream(),
        forecast.variable(),
        grid,
        forecast.issueTime(),
        forecast.revision(),
        forecast.steps(),
        forecast.model(),
        forecast.weightsSha256(),
        forecast.inputs());
  }

  @Test
  void aStreamThatIsNotVerifiedHoldsNothing() throws Exception {
    stream = VerifyStreams.stream("PT6H", "2020-01-01T00:00:00Z");
    restart();
    runSteps(0, 10);
    assertThat(scores()).isEmpty();
    assertThat(entries(STEPS) + entries(OBSERVATIONS)).isZero();
    assertThat(harness.numEventTimeTimers()).isZero();
    assertThat(harness.numKeyedStateEntries()).isZero();
  }
}
