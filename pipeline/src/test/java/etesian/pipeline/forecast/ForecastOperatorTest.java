package etesian.pipeline.forecast;

import static etesian.pipeline.Samples.hour;
import static etesian.pipeline.Samples.t2m;
import static etesian.pipeline.Samples.u10;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import etesian.ingest.field.Forecast;
import etesian.ingest.field.Grid;
import etesian.ingest.wire.ForecastCodec;
import etesian.ingest.wire.ForecastEvents;
import etesian.pipeline.Samples;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.model.Forecaster;
import etesian.pipeline.model.ForecasterSource;
import etesian.pipeline.settings.DeviceSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.types.CodecType;
import etesian.pipeline.window.FieldWindow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.StreamTaskActionExecutor;
import org.apache.flink.streaming.runtime.tasks.mailbox.MailboxExecutorImpl;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ForecastOperatorTest {
  private static final int HORIZON = 4;
  private static final String ONE = "1".repeat(64);
  private static final String TEN = "a".repeat(64);

  /** Lets the device make a step; static, as the operator is serialised. */
  private static final Semaphore STEPS = new Semaphore(0);

  private static final AtomicInteger LOADS = new AtomicInteger();

  private KeyedTwoInputStreamOperatorTestHarness<Long, FieldWindow, Champion, Forecast> harness;

  @BeforeEach
  void start() throws Exception {
    STEPS.drainPermits();
    harness = harness(AddOne::of, List.of(champion(ONE, Champion.ALWAYS)));
    harness.open();
  }

  @AfterEach
  void stop() throws Exception {
    STEPS.release(1000); // a step that waits must not keep the operator from closing
    harness.close();
  }

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
    harness.processWatermark1(new Watermark(hour(6 * HORIZON).toEpochMilli()));
    assertThat(harness.numKeyedStateEntries()).isZero();
  }

  @Test
  void rolloutsThatWaitJoinBetweenTheSteps() throws Exception {
    receive(0);
    receive(6); // the first step is running without it
    step();
    step();
    assertThat(forecasts()).extracting(Forecast::issueTime).contains(hour(6));
    steps(3);
    assertThat(values(hour(6))).hasSize(HORIZON);
  }

  @Test
  void inputIsTakenWhileTheDeviceWorks() throws Exception {
    for (int issue = 0; issue < 5; issue++) {
      receive(6 * issue); // returns although no step can finish
    }
    assertThat(forecasts()).isEmpty();
  }

  @Test
  void theWatermarkWaitsForTheOldestIncompleteForecast() throws Exception {
    receive(0);
    receive(6);
    harness.processWatermark1(new Watermark(hour(12).toEpochMilli()));
    assertThat(watermark()).isEqualTo(hour(0).toEpochMilli() - 1);
    steps(HORIZON + 1);
    assertThat(watermark()).isEqualTo(hour(12).toEpochMilli());
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
    harness.processElement2(new StreamRecord<>(champion(TEN, Champion.ALWAYS)));
    OperatorSubtaskState snapshot = harness.snapshot(1, 1);
    List<Float> before = values(hour(0));
    stop();
    STEPS.drainPermits();

    harness = harness(AddOne::of, List.of());
    harness.initializeState(snapshot);
    harness.open();
    steps(2);
    assertThat(before).startsWith(281f, 282f);
    assertThat(values(hour(0))).containsExactly(283f, 284f);
    assertThat(forecasts()).extracting(Forecast::weightsSha256).containsOnly(ONE);
  }

  @Test
  void aPromotionServesFromItsIssueTimeOn() throws Exception {
    harness.processElement2(new StreamRecord<>(champion(TEN, hour(6))));
    receive(0);
    receive(6);
    steps(2 * HORIZON);
    assertThat(values(hour(0))).startsWith(281f);
    assertThat(values(hour(6))).startsWith(290f);
  }

  @Test
  void anotherStreamsChampionServesNobodyHere() throws Exception {
    stop();
    STEPS.drainPermits();
    Champion foreign = new Champion("sst", "smnn", TEN, Champion.ALWAYS, null);
    harness = harness(AddOne::of, List.of(champion(ONE, Champion.ALWAYS), foreign));
    harness.open();
    harness.processElement2(new StreamRecord<>(foreign));
    receive(0);
    step();
    assertThat(values(hour(0))).containsExactly(281f);
  }

  @Test
  void aLongHorizonOnALargeGridIsSplitIntoMessages() {
    Rollout rollout = Rollout.of(new FieldWindow("t2m", List.of(t2m(hour(0), 280))));
    List<float[]> five = Collections.nCopies(5, new float[6]);
    assertThat(
            rollout.forecasts(
                Samples.stream(1, 5), rollout.steps(Samples.stream(1, 5), five), 2, Issued.NOTHING))
        .extracting(Forecast::firstLead, Forecast::lastLead)
        .containsExactly(tuple(1, 2), tuple(3, 4), tuple(5, 5));
  }

  @Test
  void everyVariableOfAStepIsAForecastOfItsOwn() throws Exception {
    startWithTwo(null);
    receive(ofTwo(0, 280, 5));
    step();
    assertThat(forecasts())
        .extracting(
            f -> f.variable().name(), Forecast::firstLead, f -> f.steps().get(0).values()[0])
        .containsExactly(tuple("t2m", 1, 281f), tuple("u10", 1, 6f));
    assertThat(forecasts()).extracting(ForecastEvents::key).doesNotHaveDuplicates();
  }

  @Test
  void aRolloutOfTwoVariablesResumesInItsMiddle() throws Exception {
    startWithTwo(null);
    receive(ofTwo(0, 280, 5));
    step();
    step();
    OperatorSubtaskState snapshot = harness.snapshot(1, 1);
    startWithTwo(snapshot);
    steps(2);
    assertThat(forecasts())
        .extracting(
            f -> f.variable().name(), Forecast::firstLead, f -> f.steps().get(0).values()[5])
        .containsExactly(
            tuple("t2m", 3, 283f), tuple("u10", 3, 8f), tuple("t2m", 4, 284f), tuple("u10", 4, 9f));
  }

  /** The stream of two variables, perhaps from a checkpoint, in the place of that of one. */
  private void startWithTwo(OperatorSubtaskState snapshot) throws Exception {
    stop();
    STEPS.drainPermits();
    harness =
        harness(
            Samples.streamOfTwo(1, HORIZON), AddOne::of, List.of(champion(ONE, Champion.ALWAYS)));
    if (snapshot != null) {
      harness.initializeState(snapshot);
    }
    harness.open();
  }

  private static FieldWindow ofTwo(int hour, float t2m, float u10) {
    return new FieldWindow("t2m", List.of(t2m(hour(hour), t2m), u10(hour(hour), u10)));
  }

  @Test
  void aRevisionInTheMiddleOfARolloutEndsItAndSupersedesWhatIsOut() throws Exception {
    receive(0);
    step();
    step();
    receive(revised(0, 1, 380)); // while the third step is running
    step(); // its result is of no use any more
    assertThat(leads()).containsExactly(1, 2);
    steps(HORIZON);
    assertThat(issued())
        .containsExactly("1 r0", "2 r0", "1 r1 for 0", "2 r1 for 0", "3 r1", "4 r1");
    assertThat(values(hour(0))).containsExactly(281f, 282f, 381f, 382f, 383f, 384f);
  }

  @Test
  void aRevisionAfterTheEndOfARolloutSupersedesAllOfIt() throws Exception {
    receive(0);
    steps(HORIZON);
    receive(revised(0, 1, 380));
    steps(HORIZON);
    assertThat(issued())
        .endsWith("1 r1 for 0", "2 r1 for 0", "3 r1 for 0", "4 r1 for 0")
        .hasSize(2 * HORIZON);
  }

  @Test
  void aRevisionThatIsItselfAbandonedIsSkippedInTheChain() throws Exception {
    receive(0);
    steps(HORIZON);
    receive(revised(0, 1, 380));
    step(); // lead 1 of revision 1
    receive(revised(0, 2, 480));
    step(); // lead 2 of revision 1 is abandoned
    steps(HORIZON);
    assertThat(issued())
        .endsWith("1 r1 for 0", "1 r2 for 1", "2 r2 for 0", "3 r2 for 0", "4 r2 for 0")
        .hasSize(2 * HORIZON + 1);
  }

  @Test
  void aRevisionOfAWindowThatWaitsTakesItsPlace() throws Exception {
    receive(0);
    receive(6); // waits while the first step is running
    receive(revised(6, 1, 380));
    steps(1 + HORIZON);
    assertThat(issued(hour(6))).containsExactly("1 r1", "2 r1", "3 r1", "4 r1");
  }

  @Test
  void otherRolloutsOfTheBatchGoOn() throws Exception {
    receive(0);
    receive(6);
    step();
    step(); // both are in the third step now
    receive(revised(0, 1, 380));
    steps(1 + HORIZON);
    assertThat(issued(hour(6))).containsExactly("1 r0", "2 r0", "3 r0", "4 r0");
  }

  @Test
  void whatWasIssuedIsKnownAfterARestartInTheMiddle() throws Exception {
    receive(0);
    step();
    step();
    receive(revised(0, 1, 380));
    step();
    step(); // lead 1 of revision 1
    OperatorSubtaskState snapshot = harness.snapshot(1, 1);
    stop();
    STEPS.drainPermits();

    harness = harness(AddOne::of, List.of());
    harness.initializeState(snapshot);
    harness.open();
    steps(HORIZON - 1);
    assertThat(issued()).containsExactly("2 r1 for 0", "3 r1", "4 r1");
    receive(revised(0, 2, 480));
    steps(HORIZON);
    assertThat(issued()).endsWith("1 r2 for 1", "2 r2 for 1", "3 r2 for 1", "4 r2 for 1");
  }

  @Test
  void whichChampionServesARevisionDependsOnItsIssueTime() throws Exception {
    receive(0);
    receive(6);
    steps(1 + HORIZON); // the first step is running without the second rollout
    harness.processElement2(new StreamRecord<>(champion(TEN, hour(6))));
    receive(revised(0, 1, 380));
    receive(revised(6, 1, 380));
    steps(2 * HORIZON);
    assertThat(values(hour(0))).contains(381f).doesNotContain(390f);
    assertThat(values(hour(6))).contains(390f).doesNotContain(381f);
  }

  @Test
  void whatWasIssuedIsLetGoByRetention() throws Exception {
    for (int step = 0; step < 20; step++) {
      receive(6 * step);
      steps(HORIZON);
      harness.processWatermark1(new Watermark(hour(6 * step).toEpochMilli()));
    }
    assertThat(harness.numKeyedStateEntries()).isEqualTo(HORIZON); // the retention of the stream
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
      harness.processWatermark1(new Watermark(hour(6).toEpochMilli()));
      assertThat(watermark()).as(other.toString()).isEqualTo(hour(6).toEpochMilli());
    }
    restart(Samples.stream(1, 2), snapshot);
    step();
    assertThat(forecasts()).as("lead 2 of the second").hasSize(1);
    harness.processWatermark1(new Watermark(hour(6).toEpochMilli()));
    assertThat(watermark()).isEqualTo(hour(6).toEpochMilli());
  }

  private void restart(StreamSettings stream, OperatorSubtaskState snapshot) throws Exception {
    stop();
    STEPS.drainPermits();
    harness = harness(stream, AddOne::of, List.of(champion(ONE, Champion.ALWAYS)));
    harness.initializeState(snapshot);
    harness.open();
  }

  @Test
  void theEndOfTheInputWaitsForAllThatRuns() throws Exception {
    receive(0);
    receive(6);
    STEPS.release(100);
    harness.processWatermark1(Watermark.MAX_WATERMARK);
    harness.endInput1();
    assertThat(forecasts()).hasSize(2 * HORIZON);
    assertThat(watermark()).isEqualTo(Long.MAX_VALUE);
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
    harness.processElement2(new StreamRecord<>(champion(TEN, Champion.ALWAYS)));
    harness.getTaskMailbox().take(-1).run(); // it is asked for again in a second
    harness.getOperator().finish();
    harness.getTaskMailbox().take(-1).run();
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

  private static KeyedTwoInputStreamOperatorTestHarness<Long, FieldWindow, Champion, Forecast>
      harness(ForecasterSource source, List<Champion> champions) throws Exception {
    return harness(Samples.stream(1, HORIZON), source, champions);
  }

  private static KeyedTwoInputStreamOperatorTestHarness<Long, FieldWindow, Champion, Forecast>
      harness(StreamSettings stream, ForecasterSource source, List<Champion> champions)
          throws Exception {
    ForecastOperator operator =
        new ForecastOperator(stream, new DeviceSettings(8, 4, 1 << 20, 1), source, champions);
    var harness =
        new KeyedTwoInputStreamOperatorTestHarness<Long, FieldWindow, Champion, Forecast>(
            operator, window -> window.issueTime().toEpochMilli(), null, Types.LONG);
    harness.setup(
        new CodecType<>(Forecast.class, ForecastCodec.INSTANCE)
            .createSerializer(new SerializerConfigImpl()));
    operator.setMailboxExecutor( // as a task does; the harness does not
        new MailboxExecutorImpl(harness.getTaskMailbox(), 0, StreamTaskActionExecutor.IMMEDIATE));
    return harness;
  }

  private static Champion champion(String sha256, Instant from) {
    return new Champion("t2m", "m2no", sha256, from, null);
  }

  private void receive(int hour) throws Exception {
    receive(revised(hour, 0, 280));
  }

  private void receive(FieldWindow window) throws Exception {
    harness.processElement1(new StreamRecord<>(window, window.issueTime().toEpochMilli()));
  }

  private static FieldWindow revised(int hour, int revision, float value) {
    return new FieldWindow("t2m", hour(hour), revision, 0, List.of(t2m(hour(hour), value)));
  }

  /** Lets one step of the device happen and its letter be read. */
  private void step() throws Exception {
    STEPS.release();
    harness.getTaskMailbox().take(-1).run();
  }

  private void steps(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      step();
    }
  }

  private List<Forecast> forecasts() {
    return harness.extractOutputValues();
  }

  private List<Integer> leads() {
    return forecasts().stream().map(Forecast::firstLead).toList();
  }

  /** Lead, revision, and the revision that it supersedes if any. */
  private List<String> issued() {
    return forecasts().stream().map(ForecastOperatorTest::text).toList();
  }

  private List<String> issued(Instant issueTime) {
    return forecasts().stream()
        .filter(forecast -> forecast.issueTime().equals(issueTime))
        .map(ForecastOperatorTest::text)
        .toList();
  }

  private static String text(Forecast forecast) {
    return forecast.firstLead()
        + " r"
        + forecast.revision()
        + (forecast.supersedes() == Forecast.NOTHING ? "" : " for " + forecast.supersedes());
  }

  private List<Float> values(Instant issueTime) {
    return forecasts().stream()
        .filter(forecast -> forecast.issueTime().equals(issueTime))
        .map(forecast -> forecast.steps().get(0).values()[0])
        .toList();
  }

  private long watermark() {
    return harness.getOutput().stream()
        .filter(Watermark.class::isInstance)
        .mapToLong(mark -> ((Watermark) mark).getTimestamp())
        .max()
        .orElse(Long.MIN_VALUE);
  }

  /** Tomorrow is today plus one; with the other weights, plus ten. */
  private record AddOne(float increment) implements Forecaster {
    static Forecaster of(String sha256) {
      return new AddOne(sha256.equals(ONE) ? 1 : 10);
    }

    @Override
    public int leadsPerAdvance() {
      return 1;
    }

    @Override
    public List<List<float[]>> advance(List<Carry> batch) {
      STEPS.acquireUninterruptibly();
      List<List<float[]>> frames = new ArrayList<>();
      for (Carry carry : batch) {
        float[] next = carry.frames().get(0).clone();
        for (int cell = 0; cell < next.length; cell++) {
          next[cell] += increment;
        }
        frames.add(List.of(next));
      }
      return frames;
    }

    @Override
    public void close() {}
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
