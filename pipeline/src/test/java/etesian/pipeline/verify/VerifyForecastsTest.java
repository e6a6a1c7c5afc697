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
import etesian.ingest.field.Variable;
import etesian.ingest.wire.FieldCodec;
import etesian.pipeline.Samples;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.types.CodecType;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VerifyForecastsTest {
  /** Two leads of 6 hours; what is up to 4 steps old still counts. */
  private static final StreamSettings STREAM =
      VerifyStreams.stream("PT6H", "2020-01-01T00:00:00Z", 1, 2);

  private StreamSettings stream = STREAM;
  private KeyedTwoInputStreamOperatorTestHarness<String, Forecast, Field, Score> harness;

  @BeforeEach
  void start() throws Exception {
    harness = harness();
    harness.open();
  }

  @AfterEach
  void stop() throws Exception {
    harness.close();
  }

  @Test
  void aForecastIsScoredWhenItsValidTimeHasPassed() throws Exception {
    receive(t2m(hour(0), 280));
    receive(forecast(hour(0), 283, 284));
    receive(t2m(hour(6), 282));
    watermark(hour(0));
    assertThat(scores()).isEmpty();
    watermark(hour(6));
    assertThat(scores())
        .singleElement()
        .satisfies(
            score -> {
              assertThat(score.lead()).isEqualTo(1);
              assertThat(score.issueTime()).isEqualTo(hour(0));
              assertThat(score.validTime()).isEqualTo(hour(6));
              assertThat(score.rmse()).isCloseTo(1, within(1e-6));
              assertThat(score.bias()).isCloseTo(1, within(1e-6));
              assertThat(score.rmsePersistence()).isCloseTo(2, within(1e-6));
              assertThat(score.skillPersistence()).isCloseTo(0.75, within(1e-6));
              assertThat(score.skillDamped()).isNull();
              assertThat(score.n()).isEqualTo(1);
            });
  }

  @Test
  void theObservationMayComeBeforeTheForecast() throws Exception {
    receive(t2m(hour(6), 282));
    receive(t2m(hour(0), 280));
    receive(forecast(hour(0), 283, 284));
    watermark(hour(6));
    assertThat(scores()).hasSize(1);
  }

  @Test
  void scoresDoNotDependOnTheOrderOfArrival() throws Exception {
    List<Object> elements = manyElements();
    elements.forEach(this::receiveAny);
    watermark(hour(6 * 40));
    List<Score> inOrder = scores();
    assertThat(inOrder).hasSize(38 + 37);

    for (int seed = 0; seed < 3; seed++) {
      stop();
      start();
      Collections.shuffle(elements, new Random(seed));
      elements.forEach(this::receiveAny);
      watermark(hour(6 * 40));
      assertThat(scores()).isEqualTo(inOrder);
    }
  }

  @Test
  void scoresDoNotDependOnHowOftenTheWatermarkMoves() throws Exception {
    List<Object> elements = manyElements();
    elements.forEach(this::receiveAny);
    watermark(hour(6 * 40));
    List<Score> atOnce = scores();

    stop();
    start();
    for (Object element : elements) {
      receiveAny(element);
      watermark(timeOf(element).minusMillis(1));
    }
    watermark(hour(6 * 40));
    assertThat(scores()).isEqualTo(atOnce);
  }

  @Test
  void aRestartInTheMiddleChangesNothing() throws Exception {
    List<Object> elements = manyElements();
    elements.forEach(this::receiveAny);
    watermark(hour(6 * 40));
    List<Score> undisturbed = scores();

    stop();
    start();
    List<Score> disturbed = new ArrayList<>();
    int middle = elements.size() / 2;
    for (Object element : elements.subList(0, middle)) {
      receiveAny(element);
      watermark(timeOf(element).minusMillis(1));
    }
    disturbed.addAll(scores());
    restart();
    elements.subList(middle, elements.size()).forEach(this::receiveAny);
    watermark(hour(6 * 40));
    disturbed.addAll(scores());
    assertThat(disturbed).isEqualTo(undisturbed);
  }

  @Test
  void aRestoredJobKnowsWhatIsPastBeforeTheFirstWatermark() throws Exception {
    runSteps(0, 20);
    List<Score> undisturbed = scores();

    stop();
    start();
    runSteps(0, 10);
    List<Score> disturbed = new ArrayList<>(scores());
    restart();
    receive(t2m(hour(6 * 5), 200, 9)); // both were too late already
    receive(reissued(1, hour(6 * 3), 100, 100));
    runSteps(10, 20);
    disturbed.addAll(scores());
    assertThat(disturbed).isEqualTo(undisturbed);
  }

  /** An observation and a forecast each step. */
  private void runSteps(int from, int to) throws Exception {
    for (int step = from; step < to; step++) {
      receive(t2m(hour(6 * step), 280 + step % 3));
      receive(forecast(hour(6 * step), 281, 282));
      watermark(hour(6 * step));
    }
  }

  @Test
  void aStepWhoseObservationNeverComesIsLetGo() throws Exception {
    receive(t2m(hour(0), 280));
    receive(forecast(hour(0), 283, 284));
    receive(t2m(hour(12), 282));
    watermark(hour(18));
    assertThat(scores()).extracting(Score::lead).containsExactly(2);
  }

  @Test
  void anAllMissingObservationGivesNoScore() throws Exception {
    receive(t2m(hour(0), 280));
    receive(forecast(hour(0), 283, 284));
    receive(t2m(hour(6), Float.NaN));
    watermark(hour(6));
    assertThat(scores()).isEmpty();
  }

  @Test
  void aBetterObservationIssuesItsScoresAgain() throws Exception {
    receive(t2m(hour(0), 280));
    receive(forecast(hour(0), 283, 284));
    receive(forecast(hour(6), 281, 281));
    receive(t2m(hour(6), 282, 0));
    receive(t2m(hour(12), 285, 1));
    watermark(hour(12));
    assertThat(texts()).containsExactly("1@0 r0 s0 n1", "1@6 r0 s0 n2", "2@0 r0 s0 n1");
    receive(t2m(hour(6), 281, 1));
    assertThat(texts()).hasSize(4).endsWith("1@0 r0 s1 n2");
    Score again = scores().get(3);
    assertThat(again.observationRevision()).isEqualTo(1);
    assertThat(again.sample().rmse()).isCloseTo(2, within(1e-6));
    assertThat(again.rmse()).as("of errors 2 and 4").isCloseTo(Math.sqrt(10), within(1e-6));
  }

  @Test
  void onlyABetterObservationIssuesScoresAgain() throws Exception {
    receive(forecast(hour(0), 283, 284));
    receive(t2m(hour(6), 282, 1));
    watermark(hour(6));
    receive(t2m(hour(6), 282, 1)); // the same
    receive(t2m(hour(6), 200, 0)); // provisional after final
    receive(t2m(hour(6), 282, 2)); // the same values, said again
    assertThat(scores()).hasSize(1);
    receive(t2m(hour(6), 200, 1)); // not better than what was said again
    assertThat(scores()).hasSize(1);
    receive(t2m(hour(6), 281, 3));
    assertThat(texts()).containsExactly("1@0 r0 s0 n1", "1@0 r0 s1 n1");
  }

  @Test
  void beforeItsTimeABetterObservationJustReplacesTheOther() throws Exception {
    receive(forecast(hour(0), 283, 284));
    receive(t2m(hour(6), 250, 0));
    receive(t2m(hour(6), 282, 1));
    watermark(hour(6));
    assertThat(texts()).containsExactly("1@0 r0 s0 n1");
    assertThat(scores().get(0).rmse()).isCloseTo(1, within(1e-6));
  }

  @Test
  void aRevisedForecastIsScoredAgainWithTheReferencesOfTheFirst() throws Exception {
    receive(t2m(hour(0), 280));
    receive(forecast(hour(0), 283, 284));
    receive(t2m(hour(6), 282));
    watermark(hour(6));
    receive(reissued(1, hour(0), 282, 283));
    assertThat(texts()).containsExactly("1@0 r0 s0 n1", "1@0 r1 s1 n1");
    assertThat(scores().get(1).rmse()).isZero();
    assertThat(scores().get(1).rmsePersistence()).isCloseTo(2, within(1e-6));
    receive(t2m(hour(12), 284));
    watermark(hour(12));
    assertThat(texts()).endsWith("2@0 r1 s0 n1").hasSize(3);
    assertThat(scores().get(2).rmsePersistence()).isCloseTo(4, within(1e-6));
  }

  @Test
  void aRevisionByOtherWeightsMovesToTheirStatistics() throws Exception {
    runSteps(0, 6);
    Forecast other = reissued(1, hour(12), 270, 270);
    receive(
        new Forecast(
            "t2m",
            Samples.T2M,
            Samples.GRID,
            hour(12),
            1,
            other.steps(),
            "m2no",
            "xyz",
            List.of(Samples.ORIGIN)));
    assertThat(texts()).endsWith("1@12 r1 s1 n1", "2@12 r1 s1 n1");
    runSteps(6, 7);
    assertThat(last(1).n()).as("1 of 6 is of other weights").isEqualTo(5);
  }

  @Test
  void anObservationThatComesLateScoresWhatWaited() throws Exception {
    runSteps(0, 6);
    skipAnObservation();
    receive(t2m(hour(36), 299)); // one step late
    assertThat(texts()).endsWith("1@30 r0 s0 n7", "2@24 r0 s0 n6");
  }

  @Test
  void whatComesLateTeachesTheReferencesNothing() throws Exception {
    runSteps(0, 6);
    skipAnObservation();
    byte[] before = references();
    receive(t2m(hour(36), 299)); // one step late
    receive(t2m(hour(30), 299, 2)); // revised
    receive(reissued(1, hour(36), 299, 299));
    assertThat(references()).isEqualTo(before);
    runSteps(8, 9);
    assertThat(references()).isNotEqualTo(before);
  }

  private byte[] references() throws Exception {
    ValueState<References> state =
        ((AbstractStreamOperator<?>) harness.getOperator())
            .getKeyedStateBackend()
            .getPartitionedState(
                VoidNamespace.INSTANCE,
                VoidNamespaceSerializer.INSTANCE,
                new ValueStateDescriptor<>(
                    "references",
                    new CodecType<>(References.class, new References.ReferencesCodec())));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new References.ReferencesCodec().write(state.value(), new DataOutputStream(out));
    return out.toByteArray();
  }

  /** Nothing is observed at 36. */
  private void skipAnObservation() throws Exception {
    receive(forecast(hour(36), 281, 282));
    receive(t2m(hour(42), 280));
    receive(forecast(hour(42), 281, 282));
    watermark(hour(42));
  }

  @Test
  void aForecastThatComesAfterItsTimeIsScoredWithoutReferences() throws Exception {
    receive(t2m(hour(0), 280));
    receive(t2m(hour(6), 282));
    watermark(hour(0));
    receive(forecast(hour(0), 283, 284));
    receive(t2m(hour(12), 282));
    watermark(hour(12));
    assertThat(texts()).containsExactly("1@0 r0 s0 n1", "2@0 r0 s0 n1");
    assertThat(scores()).extracting(Score::skillPersistence).containsOnlyNulls();
  }

  @Test
  void anAllMissingRevisionTakesThePairOutOfTheSums() throws Exception {
    runSteps(0, 4);
    assertThat(last(1).n()).isEqualTo(3);
    int before = scores().size();
    receive(t2m(hour(12), Float.NaN, 2));
    assertThat(scores()).hasSize(before);
    runSteps(4, 5);
    assertThat(last(1).n()).isEqualTo(3);
    receive(t2m(hour(12), 281, 3)); // and the next one brings it back
    assertThat(texts()).endsWith("1@6 r0 s1 n4", "2@0 r0 s1 n3");
  }

  @Test
  void whatIsOlderThanTheRetentionChangesNothing() throws Exception {
    runSteps(0, 8); // event time is at 42: of 4 steps, 24 is the oldest
    int before = scores().size();
    receive(t2m(hour(18), 200, 9));
    receive(reissued(1, hour(6), 100, 100));
    assertThat(scores()).hasSize(before);
    receive(t2m(hour(24), 200, 9));
    assertThat(scores()).hasSize(before + 2);
  }

  @Test
  void withoutRetentionNothingThatIsLateCounts() throws Exception {
    stop();
    stream = STREAM.withRetention(0);
    start();
    runSteps(0, 8);
    int before = scores().size();
    receive(t2m(hour(42), 200, 9));
    receive(reissued(1, hour(30), 100, 100));
    assertThat(scores()).hasSize(before);
    assertThat(entries(OBSERVATIONS)).isZero();
  }

  /** Every second observation is wrong at first, by up to sixteen orders of magnitude. */
  @Test
  void correctingEqualsScoringTheRightOnesFromTheStart() throws Exception {
    float[] right = new float[40];
    Random random = new Random(7);
    for (int step = 0; step < right.length; step++) {
      right[step] = (float) (280 + 3 * random.nextGaussian());
    }
    List<Score> disturbed = new ArrayList<>();
    for (int step = 0; step < right.length; step++) {
      receive(
          step % 2 == 0 ? t2m(hour(6 * step), 1e18f * random.nextFloat(), 0) : truth(right, step));
      receive(forecast(hour(6 * step), 280 + step % 3, 281));
      watermark(hour(6 * step));
      if (step == 20) {
        disturbed.addAll(scores());
        restart();
      }
      if (step >= 3) {
        receive(truth(right, step - 3));
      }
    }
    for (int step = right.length - 3; step < right.length; step++) {
      receive(truth(right, step));
    }
    disturbed.addAll(scores());

    stop();
    start();
    for (int step = 0; step < right.length; step++) {
      receive(truth(right, step));
      receive(forecast(hour(6 * step), 280 + step % 3, 281));
      watermark(hour(6 * step));
    }
    for (int lead = 1; lead <= 2; lead++) {
      Score corrected = last(disturbed, lead);
      Score expected = last(lead);
      assertThat(corrected.n()).isEqualTo(expected.n());
      assertThat(corrected.rmse()).isCloseTo(expected.rmse(), within(1e-12 * expected.rmse()));
      assertThat(corrected.mae()).isCloseTo(expected.mae(), within(1e-12 * expected.mae()));
      assertThat(corrected.bias()).isCloseTo(expected.bias(), within(1e-12 * expected.mae()));
    }
    Map<String, List<Integer>> revisions =
        disturbed.stream()
            .collect(
                Collectors.groupingBy(
                    score -> score.lead() + "@" + score.issueTime(),
                    Collectors.mapping(Score::scoreRevision, Collectors.toList())));
    assertThat(revisions.values())
        .as("each chain counts up from 0, without a gap")
        .allSatisfy(
            chain ->
                assertThat(chain).isEqualTo(IntStream.range(0, chain.size()).boxed().toList()));
  }

  private static Field truth(float[] values, int step) {
    return t2m(hour(6 * step), values[step], 1);
  }

  @Test
  void aReissuedForecastTakesThePlaceOfTheFirst() throws Exception {
    receive(reissued(1, hour(0), 283, 284));
    receive(forecast(hour(0), 250, 250));
    receive(t2m(hour(6), 282));
    watermark(hour(6));
    assertThat(scores()).singleElement().extracting(Score::revision).isEqualTo(1);
  }

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
      ((AbstractStreamOperator<?>) harness.getOperator()).setCurrentKey(key);
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
    ((AbstractStreamOperator<?>) harness.getOperator()).setCurrentKey("u10");
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
    ((AbstractStreamOperator<?>) harness.getOperator()).setCurrentKey("t2m");
    return ((AbstractStreamOperator<?>) harness.getOperator())
        .getKeyedStateBackend()
        .getPartitionedState(VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, SKILL)
        .value();
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

  /** Forty observations of a cycle with weather, and two-step forecasts from all but a few. */
  private static List<Object> manyElements() {
    List<Object> elements = new ArrayList<>();
    Random random = new Random(5);
    for (int step = 0; step < 40; step++) {
      if (step != 20) {
        elements.add(t2m(hour(6 * step), (float) (280 + 3 * random.nextGaussian())));
      }
      elements.add(forecast(hour(6 * step), 280 + step % 3, 281));
    }
    return elements;
  }

  private static Forecast forecast(Instant issueTime, float... values) {
    return reissued(0, issueTime, values);
  }

  private static Forecast reissued(int revision, Instant issueTime, float... values) {
    return of(Samples.T2M, "abc", revision, issueTime, values);
  }

  private static Forecast of(
      Variable variable, String weights, int revision, Instant issueTime, float... values) {
    List<Forecast.Step> steps = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      float[] cells = new float[Samples.GRID.cells()];
      Arrays.fill(cells, values[i]);
      steps.add(new Forecast.Step(i + 1, issueTime.plusSeconds(21600L * (i + 1)), cells));
    }
    return new Forecast(
        "t2m",
        variable,
        Samples.GRID,
        issueTime,
        revision,
        steps,
        "m2no",
        weights,
        List.of(Samples.ORIGIN));
  }

  private static final TypeInformation<Tuple2<Long, Integer>> STEP =
      Types.TUPLE(Types.LONG, Types.INT);
  private static final MapStateDescriptor<?, ?> STEPS =
      new MapStateDescriptor<>(
          "steps", STEP, new CodecType<>(PendingStep.class, new PendingStep.PendingStepCodec()));
  private static final MapStateDescriptor<?, ?> MATCHES =
      new MapStateDescriptor<>(
          "matches", STEP, new CodecType<>(Match.class, new Match.MatchCodec()));
  private static final ValueStateDescriptor<SkillTable> SKILL =
      new ValueStateDescriptor<>(
          "skill", new CodecType<>(SkillTable.class, new SkillTable.SkillTableCodec()));
  private static final MapStateDescriptor<?, ?> OBSERVATIONS =
      new MapStateDescriptor<>(
          "observations", Types.LONG, new CodecType<>(Field.class, FieldCodec.INSTANCE));

  private <K, V> long entries(MapStateDescriptor<K, V> descriptor) throws Exception {
    MapState<K, V> map =
        ((AbstractStreamOperator<?>) harness.getOperator())
            .getKeyedStateBackend()
            .getPartitionedState(
                VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, descriptor);
    return StreamSupport.stream(map.keys().spliterator(), false).count();
  }

  private KeyedTwoInputStreamOperatorTestHarness<String, Forecast, Field, Score> harness()
      throws Exception {
    return new KeyedTwoInputStreamOperatorTestHarness<>(
        new KeyedCoProcessOperator<>(new VerifyForecasts(stream)),
        forecast -> forecast.variable().name(),
        field -> field.frame().variable().name(),
        Types.STRING);
  }

  private void restart() throws Exception {
    OperatorSubtaskState snapshot = harness.snapshot(1, 1);
    stop();
    harness = harness();
    harness.initializeState(snapshot);
    harness.open();
  }

  private void receiveAny(Object element) {
    try {
      if (element instanceof Forecast forecast) {
        receive(forecast);
      } else {
        receive((Field) element);
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Instant timeOf(Object element) {
    return element instanceof Forecast forecast
        ? forecast.issueTime()
        : ((Field) element).frame().validAt();
  }

  private void receive(Forecast forecast) throws Exception {
    harness.processElement1(forecast, forecast.issueTime().toEpochMilli());
  }

  private void receive(Field field) throws Exception {
    harness.processElement2(field, field.frame().validAt().toEpochMilli());
  }

  private void watermark(Instant time) throws Exception {
    harness.processBothWatermarks(new Watermark(time.toEpochMilli()));
  }

  private List<Score> scores() {
    return harness.extractOutputValues();
  }

  /** Lead, hour of issue, revision of the forecast, of the score, and how many pairs. */
  private List<String> texts() {
    return scores().stream()
        .map(
            score ->
                "%d@%d r%d s%d n%d"
                    .formatted(
                        score.lead(),
                        Duration.between(hour(0), score.issueTime()).toHours(),
                        score.revision(),
                        score.scoreRevision(),
                        score.n()))
        .toList();
  }

  private Score last(int lead) {
    return last(scores(), lead);
  }

  private static Score last(List<Score> scores, int lead) {
    return scores.stream().filter(score -> score.lead() == lead).reduce((a, b) -> b).orElseThrow();
  }
}
