package etesian.pipeline.window;

import static etesian.pipeline.Samples.hour;
import static etesian.pipeline.Samples.t2m;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Origin;
import etesian.ingest.wire.FieldCodec;
import etesian.pipeline.Samples;
import etesian.pipeline.settings.GapPolicy;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.types.CodecType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class AssembleWindowsTest extends AssembleFixture {
  @Test
  void fieldsThatArriveOutOfOrderFormOneWindowInOrder() throws Exception {
    receive(t2m(hour(6), 2));
    assertThat(windows()).isEmpty();
    receive(t2m(hour(0), 1));
    assertThat(windows())
        .containsExactly(new FieldWindow("t2m", List.of(t2m(hour(0), 1), t2m(hour(6), 2))));
  }

  @Test
  void aGapGivesNoWindow() throws Exception {
    receive(t2m(hour(0), 1));
    receive(t2m(hour(12), 3));
    watermark(hour(12));
    assertThat(windows()).isEmpty();
  }

  @Test
  void aFieldThatComesTwiceGivesOneWindow() throws Exception {
    receive(t2m(hour(0), 1));
    receive(t2m(hour(6), 2));
    receive(t2m(hour(6), 2));
    assertThat(windows()).hasSize(1);
  }

  @Test
  void aFinalValueReplacesAProvisionalOneInTheWindowsToCome() throws Exception {
    receive(t2m(hour(6), 2, 0));
    receive(t2m(hour(6), 9, 1));
    receive(t2m(hour(0), 1));
    assertThat(windows().get(0).newest()).containsExactly(t2m(hour(6), 9, 1));
  }

  @Test
  void stateIsLetGoWhenNoWindowNeedsIt() throws Exception {
    for (int step = 0; step < 100; step++) {
      receive(t2m(hour(6 * step), step));
      watermark(hour(6 * step));
    }
    assertThat(windows()).hasSize(99);
    // 2 of history and 4 of retention, less the newest, which the watermark has passed here
    assertThat(fieldsKept()).isEqualTo(5);
    assertThat(revisionsKept()).isEqualTo(5);
    assertThat(harness.numEventTimeTimers()).isEqualTo(5);
    receive(t2m(hour(6), 1)); // long gone: late, and no window comes of it
    receive(t2m(hour(12), 1));
    assertThat(windows()).hasSize(99);
  }

  @Test
  void stateIsLetGoAlsoWhenEverythingComesTwiceAndHasGaps() throws Exception {
    startWith(new GapPolicy.Hold(2), 3, 2);
    for (int step = 0; step < 100; step++) {
      if (step % 5 != 3) {
        receive(t2m(hour(6 * step), step, 0));
        watermark(hour(6 * step).minusMillis(1));
        receive(t2m(hour(6 * step), step + 1, 1));
      }
    }
    watermark(Instant.ofEpochMilli(Long.MAX_VALUE));
    assertThat(fieldsKept()).isZero();
    assertThat(revisionsKept()).isZero();
    assertThat(harness.numEventTimeTimers()).isZero();
  }

  @Test
  void halfAWindowSurvivesARestart() throws Exception {
    receive(t2m(hour(0), 1));
    restart();
    receive(t2m(hour(6), 2));
    assertThat(windows()).hasSize(1);
  }

  @Test
  void whatWasTooLateBeforeARestartIsTooLateAfterIt() throws Exception {
    startWith(GapPolicy.WAIT, 2, 0);
    receive(t2m(hour(0), 1));
    receive(t2m(hour(6), 2));
    receive(t2m(hour(12), 3));
    watermark(hour(6));
    restart();
    receive(t2m(hour(0), 1, 9)); // better, but too late
    receive(t2m(hour(6), 3, 9));
    assertThat(windows()).isEmpty();
  }

  @Test
  void aLateFieldGivesTheWindowsThatItCompletes() throws Exception {
    receiveHours(0, 12, 18, 24); // without 6: only 12-18 and 18-24 are complete
    watermark(hour(24).minusMillis(1));
    assertThat(issued()).containsExactly("18 r0", "24 r0");
    receive(t2m(hour(6), 1));
    assertThat(issued()).containsExactly("18 r0", "24 r0", "6 r0", "12 r0");
  }

  @Test
  void aBetterFieldIssuesExactlyTheWindowsThatItTouchesAgain() throws Exception {
    for (int hour = 0; hour <= 24; hour += 6) {
      receive(t2m(hour(hour), hour, 0));
    }
    watermark(hour(24).minusMillis(1));
    assertThat(issued()).containsExactly("6 r0", "12 r0", "18 r0", "24 r0");
    receive(t2m(hour(12), 99, 1));
    assertThat(issued()).endsWith("24 r0", "12 r1", "18 r1").hasSize(6);
    assertThat(windows().get(4).frames()).containsExactly(t2m(hour(6), 6, 0), t2m(hour(12), 99, 1));
    receive(t2m(hour(18), 99, 1));
    assertThat(issued()).endsWith("18 r2", "24 r1").hasSize(8);
  }

  @Test
  void aRepublicationCountsAsBetterAndTheSameContentDoesNot() throws Exception {
    receiveHours(0, 6);
    receive(t2m(hour(6), 6)); // the same values
    assertThat(issued()).containsExactly("6 r0");
    receive(other("f".repeat(64), t2m(hour(6), 7))); // other values in another granule
    assertThat(issued()).containsExactly("6 r0", "6 r1");
    receive(other("e".repeat(64), t2m(hour(6), 7))); // the same values in a third
    assertThat(issued()).containsExactly("6 r0", "6 r1");
  }

  @Test
  void aProvisionalFieldAfterTheFinalOneChangesNothing() throws Exception {
    receive(t2m(hour(0), 0, 1));
    receive(t2m(hour(6), 6, 0));
    receive(t2m(hour(6), 6, 1)); // the same values, final now
    receive(t2m(hour(6), 5, 0));
    assertThat(issued()).containsExactly("6 r0");
  }

  @Test
  void aFieldThatIsOlderThanTheRetentionIsDropped() throws Exception {
    receiveHours(0, 6, 12, 18, 24, 30);
    watermark(hour(30).minusMillis(1)); // 4 steps are kept: 6 is the oldest that counts
    receive(t2m(hour(0), 99, 2));
    assertThat(issued()).hasSize(5);
    receive(t2m(hour(6), 99, 2));
    assertThat(issued()).endsWith("30 r0", "6 r1", "12 r1");
  }

  @Test
  void aRestartAfterAGapMovesNoLimit() throws Exception {
    startWith(GapPolicy.WAIT, 1, 2);
    receiveHours(0, 24);
    watermark(hour(24).minusMillis(1)); // 12 is the oldest that counts
    restart();
    receiveHours(6, 12);
    assertThat(issued()).containsExactly("12 r0");
  }

  @Test
  void revisionsGoOnCountingAfterARestart() throws Exception {
    receiveHours(0, 6, 12);
    receive(t2m(hour(6), 50, 2));
    assertThat(issued()).endsWith("6 r1", "12 r1");
    restart();
    receive(t2m(hour(6), 51, 3));
    assertThat(issued()).containsExactly("6 r2", "12 r2");
  }

  @Test
  void aHeldGapFiresWhenItsTimeHasPassedAndAgainWhenItIsFilled() throws Exception {
    startWith(new GapPolicy.Hold(1), 2, 4);
    receiveHours(0, 12);
    assertThat(windows()).isEmpty();
    watermark(hour(12).minusMillis(1));
    assertThat(windows())
        .containsExactly(
            new FieldWindow("t2m", hour(6), 0, 1, List.of(t2m(hour(0), 0), t2m(hour(0), 0))));
    receive(t2m(hour(18), 18));
    watermark(hour(18).minusMillis(1));
    assertThat(issued()).containsExactly("6 r0 held 1", "18 r0", "12 r0 held 1");
    receive(t2m(hour(6), 6));
    assertThat(issued()).endsWith("12 r0 held 1", "6 r1", "12 r1").hasSize(5);
  }

  @Test
  void aGapThatIsTooLongIsNotHeld() throws Exception {
    startWith(new GapPolicy.Hold(1), 1, 4);
    receiveHours(0, 24);
    watermark(hour(24).minusMillis(1));
    assertThat(issued()).containsExactly("0 r0", "24 r0", "6 r0 held 1");
    receive(t2m(hour(12), 12)); // now the gap that is left is short
    assertThat(issued()).endsWith("12 r0", "18 r0 held 1").hasSize(5);
  }

  @Test
  void aFieldThatFillsOneOfTwoGapsIssuesWhatItEnters() throws Exception {
    startWith(new GapPolicy.Hold(2), 1, 4);
    receiveHours(0, 18);
    watermark(hour(18).minusMillis(1));
    assertThat(issued()).containsExactly("0 r0", "18 r0", "6 r0 held 1", "12 r0 held 1");
    receive(t2m(hour(6), 6)); // 12 is held by it now, 18 is not touched
    assertThat(issued()).endsWith("6 r1", "12 r1 held 1").hasSize(6);
  }

  @Test
  void nothingIsHeldBeyondTheNewestField() throws Exception {
    startWith(new GapPolicy.Hold(2), 1, 4);
    receiveHours(0, 6);
    watermark(Instant.ofEpochMilli(Long.MAX_VALUE));
    assertThat(issued()).containsExactly("0 r0", "6 r0");
  }

  @Test
  void aSkippedWindowStaysSkipped() throws Exception {
    startWith(GapPolicy.SKIP, 2, 4);
    receiveHours(0, 12, 18);
    watermark(hour(18).minusMillis(1));
    receive(t2m(hour(6), 6));
    assertThat(issued()).containsExactly("18 r0");
    receive(t2m(hour(12), 13, 2)); // what has fired may be revised all the same
    assertThat(issued()).containsExactly("18 r0", "18 r1");
  }

  @Test
  void aWindowThatMissesAFieldIsCounted() throws Exception {
    receiveHours(0, 12, 18);
    watermark(hour(18));
    assertThat(counter("windows_incomplete_total")).isEqualTo(2); // of 6 and of 12
    startWith(new GapPolicy.Hold(1), 2, 4);
    receiveHours(0, 12, 18);
    watermark(hour(18));
    assertThat(counter("windows_incomplete_total")).isZero();
    assertThat(counter("windows_held_total")).isEqualTo(2);
  }

  @Test
  void everyArrivalIsCountedAsWhatItIs() throws Exception {
    receive(t2m(hour(0), 0, 0));
    receive(t2m(hour(0), 0, 0)); // the same
    receive(t2m(hour(0), 1, 1)); // better
    receive(t2m(hour(0), 0, 0)); // worse
    receive(t2m(hour(1), 0)); // off the step
    watermark(hour(600));
    receive(t2m(hour(6), 0)); // too late
    assertThat(counter("fields_repeated_total")).isEqualTo(1);
    assertThat(counter("fields_revised_total")).isEqualTo(1);
    assertThat(counter("fields_superseded_total")).isEqualTo(1);
    assertThat(counter("fields_off_step_total")).isEqualTo(1);
    assertThat(counter("fields_late_total")).isEqualTo(1);
  }

  @Test
  void aStreamThatIssuesEverySecondStepIssuesOnlyThoseAgain() throws Exception {
    harness.close();
    StreamSettings s = Samples.stream(2, 4);
    stream =
        new StreamSettings(
            s.name(),
            s.dataset(),
            "t2m",
            "K",
            s.grid(),
            s.step(),
            s.history(),
            s.horizon(),
            2,
            s.anchor(),
            s.issueFrom(),
            s.lateness(),
            s.model(),
            s.verifyLeads());
    start();
    receiveHours(0, 6, 12, 18, 24);
    receive(t2m(hour(12), 50, 2));
    assertThat(issued()).containsExactly("12 r0", "24 r0", "12 r1");
  }

  @Test
  void anotherRetentionAfterARestartLeavesNothingBehind() throws Exception {
    int begin = 0;
    for (int retention : new int[] {20, 2, 9}) {
      begin += 600;
      stream = Samples.stream(2, 4).withRetention(retention);
      restart();
      for (int step = 0; step < 30; step++) {
        receive(t2m(hour(begin + 6 * step), step));
        watermark(hour(begin + 6 * step));
      }
      assertThat(fieldsKept()).isEqualTo(retention + 1);
      assertThat(revisionsKept()).isEqualTo(retention + 1);
    }
  }

  /** Files of long-term means lie in the year 1; what follows must not wait for what never was. */
  @Test
  @Timeout(60)
  void aGapOfCenturiesIsCountedAndNotWalkedThrough() throws Exception {
    Instant longAgo = Instant.parse("0001-01-01T00:00:00Z");
    receive(t2m(longAgo, 0));
    watermark(longAgo);
    receiveHours(0);
    watermark(hour(0));
    receiveHours(6);
    watermark(hour(6));
    assertThat(issued()).containsExactly("6 r0");
    assertThat(counter("windows_incomplete_total"))
        .isEqualTo(Duration.between(longAgo, hour(0)).toHours() / 6);
  }

  /** A region that moves has the same number of cells: nothing else would tell. */
  @Test
  void noWindowHoldsFieldsOfTwoGrids() throws Exception {
    receiveHours(0, 6);
    Grid moved = new Grid(2, 3, 40, 0, 10, 10);
    stream = stream.withGrid(moved);
    restart();
    for (int hour : new int[] {12, 18}) {
      receive(
          new Field(new Frame(Samples.T2M, moved, hour(hour)), 1, Samples.ORIGIN, new float[6]));
    }
    assertThat(issued()).containsExactly("18 r0");
  }

  /** As {@link AssembleWindows} did before streams had several variables. */
  private static final class FieldsByTime extends KeyedProcessFunction<String, Field, FieldWindow> {
    private static final long serialVersionUID = 1L;

    @Override
    public void processElement(Field field, Context context, Collector<FieldWindow> out)
        throws Exception {
      getRuntimeContext()
          .getMapState(
              new MapStateDescriptor<>(
                  "fields", Types.LONG, new CodecType<>(Field.class, FieldCodec.INSTANCE)))
          .put(field.frame().validAt().toEpochMilli(), field);
    }
  }

  @Test
  void fieldsOfACheckpointThatKnewOneVariableGoOn() throws Exception {
    try (var before =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new KeyedProcessOperator<>(new FieldsByTime()), field -> "t2m", Types.STRING)) {
      before.open();
      before.processElement(t2m(hour(0), 0), 0);
      var snapshot = before.snapshot(1, 1);
      harness.close();
      harness = harness(stream);
      harness.initializeState(snapshot);
      harness.open();
    }
    receiveHours(6);
    assertThat(issued()).containsExactly("6 r0");
    assertThat(fieldsKept()).isEqualTo(2);
  }

  /** Goes on with other settings. */
  private void startWith(GapPolicy gaps, int history, int retention) throws Exception {
    harness.close();
    stream = Samples.stream(history, 4).withGaps(gaps).withRetention(retention);
    start();
  }

  private static Field other(String sha256, Field field) {
    return new Field(
        field.frame(), field.revision(), new Origin(sha256, "elsewhere"), field.toArray());
  }

  private long revisionsKept() throws Exception {
    return entries(new MapStateDescriptor<>("revisions", Types.LONG, Types.INT));
  }

  private long counter(String name) {
    return task.number(name);
  }
}
