package etesian.pipeline.forecast;

import static etesian.pipeline.Samples.hour;
import static etesian.pipeline.Samples.t2m;
import static etesian.pipeline.Samples.u10;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import etesian.ingest.field.Forecast;
import etesian.ingest.field.Grid;
import etesian.ingest.wire.ForecastEvents;
import etesian.pipeline.Samples;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.model.Forecaster;
import etesian.pipeline.model.ForecasterSource;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.window.FieldWindow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.Test;

class ForecastOperatorTest extends StepwiseForecasts {
  private static final AtomicInteger LOADS = new AtomicInteger();

  @Test
  void eachStepIsEmittedAsSoonAsItIsDone() throws Exception {
    receive(0);
    step();
    assertThat(leads()).containsExactly(1);
    step();
    assertThat(leads()).containsExactly(1, 2);
  }

  @Test
  void aRolloutAddsUpToItsHorizonAndEnds() throws Exception {
    receive(0);
    steps(HORIZON);
    assertThat(values(hour(0))).containsExactly(281f, 282f, 283f, 284f);
    assertThat(harness.numKeyedStateEntries()).as("what was issued").isEqualTo(1);
    harness.advanceTime(hour(6 * HORIZON));
    assertThat(harness.numKeyedStateEntries()).isZero();
  }

  @Test
  void rolloutsThatWaitJoinBetweenTheSteps() throws Exception {
    receive(0);
    receive(6); // the first step is running without it
    step();
    step();
    assertThat(harness.forecasts()).extracting(Forecast::issueTime).contains(hour(6));
    steps(3);
    assertThat(values(hour(6))).hasSize(HORIZON);
  }

  @Test
  void inputIsTakenWhileTheDeviceWorks() throws Exception {
    for (int issue = 0; issue < 5; issue++) {
      receive(6 * issue); // returns although no step can finish
    }
    assertThat(harness.forecasts()).isEmpty();
  }

  @Test
  void theWatermarkWaitsForTheOldestIncompleteForecast() throws Exception {
    receive(0);
    receive(6);
    harness.advanceTime(hour(12));
    assertThat(harness.watermark()).isEqualTo(hour(0).toEpochMilli() - 1);
    steps(HORIZON + 1);
    assertThat(harness.watermark()).isEqualTo(hour(12).toEpochMilli());
  }

  @Test
  void outputsCarryTheirIssueTimeAsTimestamp() throws Exception {
    receive(6);
    step();
    assertThat(((StreamRecord<?>) harness.getOutput().peek()).getTimestamp())
        .isEqualTo(hour(6).toEpochMilli());
  }

  @Test
  void aRolloutResumesInItsMiddleWithTheWeightsItBeganWith() throws Exception {
    receive(0);
    step();
    step();
    harness.announce(champion(TEN, Champion.ALWAYS));
    OperatorSubtaskState snapshot = harness.snapshot(1, 1);
    List<Float> before = values(hour(0));
    restart(Samples.stream(1, HORIZON), snapshot, List.of());
    steps(2);
    assertThat(before).startsWith(281f, 282f);
    assertThat(values(hour(0))).containsExactly(283f, 284f);
    assertThat(harness.forecasts()).extracting(Forecast::weightsSha256).containsOnly(ONE);
  }

  @Test
  void aPromotionServesFromItsIssueTimeOn() throws Exception {
    harness.announce(champion(TEN, hour(6)));
    receive(0);
    receive(6);
    steps(2 * HORIZON);
    assertThat(values(hour(0))).startsWith(281f);
    assertThat(values(hour(6))).startsWith(290f);
  }

  /** Of several promotions between two fields, as in a job that hears of them. */
  @Test
  void ofSeveralChampionsOfOneIssueTimeAFreshStartServesTheLast() throws Exception {
    stop();
    Champion first = champion(ONE, Champion.ALWAYS);
    Champion replaced = first.then("m2no", ONE, hour(6));
    harness = harness(AddOne::of, List.of(first, replaced, replaced.then("m2no", TEN, hour(6))));
    harness.open();
    receive(6);
    step();
    assertThat(harness.forecasts()).extracting(Forecast::weightsSha256).containsExactly(TEN);
  }

  @Test
  void anotherStreamsChampionServesNobodyHere() throws Exception {
    Champion foreign = new Champion("sst", "smnn", TEN, Champion.ALWAYS, null);
    restart(Samples.stream(1, HORIZON), null, List.of(champion(ONE, Champion.ALWAYS), foreign));
    harness.announce(foreign);
    receive(0);
    step();
    assertThat(values(hour(0))).containsExactly(281f);
  }

  @Test
  void everyVariableOfAStepIsAForecastOfItsOwn() throws Exception {
    restart(Samples.streamOfTwo(1, HORIZON), null);
    harness.receive(ofTwo(0, 280, 5));
    step();
    assertThat(harness.forecasts())
        .extracting(
            f -> f.variable().name(), Forecast::firstLead, f -> f.steps().get(0).values()[0])
        .containsExactly(tuple("t2m", 1, 281f), tuple("u10", 1, 6f));
    assertThat(harness.forecasts()).extracting(ForecastEvents::key).doesNotHaveDuplicates();
  }

  @Test
  void aRolloutOfTwoVariablesResumesInItsMiddle() throws Exception {
    restart(Samples.streamOfTwo(1, HORIZON), null);
    harness.receive(ofTwo(0, 280, 5));
    step();
    step();
    OperatorSubtaskState snapshot = harness.snapshot(1, 1);
    restart(Samples.streamOfTwo(1, HORIZON), snapshot);
    steps(2);
    assertThat(harness.forecasts())
        .extracting(
            f -> f.variable().name(), Forecast::firstLead, f -> f.steps().get(0).values()[5])
        .containsExactly(
            tuple("t2m", 3, 283f), tuple("u10", 3, 8f), tuple("t2m", 4, 284f), tuple("u10", 4, 9f));
  }

  private static FieldWindow ofTwo(int hour, float t2m, float u10) {
    return new FieldWindow("t2m", List.of(t2m(hour(hour), t2m), u10(hour(hour), u10)));
  }

  /** Else the job would fail at the first step, and again after each restart. */
  @Test
  void whatTheSettingsDoNotAskForAnyMoreEndsWithARestart() throws Exception {
    receive(0);
    steps(3);
    receive(6);
    step();
    step();
    StreamSettings moved = Samples.stream(1, HORIZON).withGrid(new Grid(2, 2, 50, 0, 10, 10));
    OperatorSubtaskState snapshot = harness.snapshot(1, 1);
    for (StreamSettings other :
        List.of(Samples.stream(2, HORIZON), Samples.streamOfTwo(1, HORIZON), moved)) {
      restart(other, snapshot);
      assertThat(harness.numKeyedStateEntries()).as("what was issued").isEqualTo(2);
      harness.advanceTime(hour(6));
      assertThat(harness.watermark()).as(other.toString()).isEqualTo(hour(6).toEpochMilli());
    }
    restart(Samples.stream(1, 2), snapshot);
    step();
    assertThat(harness.forecasts()).as("lead 2 of the second").hasSize(1);
    harness.advanceTime(hour(6));
    assertThat(harness.watermark()).isEqualTo(hour(6).toEpochMilli());
  }

  @Test
  void theEndOfTheInputWaitsForAllThatRuns() throws Exception {
    receive(0);
    receive(6);
    allSteps();
    harness.end();
    assertThat(harness.forecasts()).hasSize(2 * HORIZON);
    assertThat(harness.watermark()).isEqualTo(Long.MAX_VALUE);
  }

  /** What comes out after the end reaches nobody: the sinks have finished too. */
  @Test
  void afterTheEndNothingBegins() throws Exception {
    stop();
    LOADS.set(0);
    ForecasterSource away =
        sha256 -> {
          LOADS.incrementAndGet();
          throw new UncheckedIOException(new IOException("away"));
        };
    harness = harness(away, List.of());
    harness.open();
    harness.announce(champion(TEN, Champion.ALWAYS));
    harness.letters(1); // it is asked for again in a second
    harness.getOperator().finish();
    harness.letters(1);
    harness.close();
    assertThat(LOADS).hasValue(1);
  }

  @Test
  void aProcessThatCannotComputeFailsTheTaskBeforeTheFirstWindow() throws Exception {
    stop();
    ForecasterSource nothing =
        new ForecasterSource() {
          @Override
          public void open() {
            throw new IllegalStateException("no library here");
          }

          @Override
          public Forecaster load(String weightsSha256) {
            return AddOne.of(weightsSha256);
          }
        };
    harness = harness(nothing, List.of(champion(ONE, Champion.ALWAYS)));
    assertThatThrownBy(() -> harness.open()).hasMessage("stream t2m: no library here");
  }

  @Test
  void aFailingStepFailsTheTaskAndNamesTheRollout() throws Exception {
    stop();
    harness = harness(sha256 -> new Fails(), List.of(champion(ONE, Champion.ALWAYS)));
    harness.open();
    receive(0);
    assertThatThrownBy(() -> step())
        .hasMessageContaining("t2m")
        .hasMessageContaining(hour(0).toString())
        .hasRootCauseMessage("as the test wants it");
  }

  /** Loads, and cannot make a step. */
  private record Fails() implements Forecaster {
    @Override
    public int leadsPerAdvance() {
      return 1;
    }

    @Override
    public List<List<float[]>> advance(List<Carry> batch) {
      throw new IllegalStateException("as the test wants it");
    }

    @Override
    public void close() {}
  }
}
