package etesian.pipeline.verify;

import static etesian.pipeline.Samples.hour;
import static etesian.pipeline.Samples.t2m;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.pipeline.Samples;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VerifyForecastsTest {
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
    runHours(0, 20);
    List<Score> undisturbed = scores();

    stop();
    start();
    runHours(0, 10);
    List<Score> disturbed = new ArrayList<>(scores());
    restart();
    receive(t2m(hour(3), 200, 9)); // both were late already
    receive(reissued(1, hour(2), 100, 100));
    runHours(10, 20);
    disturbed.addAll(scores());
    assertThat(disturbed).isEqualTo(undisturbed);
  }

  /** An observation and a forecast each hour. */
  private void runHours(int from, int to) throws Exception {
    for (int hour = from; hour < to; hour++) {
      receive(t2m(hour(hour), 280 + hour % 3));
      receive(forecast(hour(hour), 281, 282));
      watermark(hour(hour));
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
  void aBetterRevisionCountsWhileItIsInTime() throws Exception {
    receive(forecast(hour(0), 283, 284));
    receive(t2m(hour(6), 282, 1));
    receive(t2m(hour(6), 250, 0));
    watermark(hour(6));
    receive(t2m(hour(6), 200, 2));
    watermark(hour(12));
    assertThat(scores()).singleElement().extracting(Score::rmse).isEqualTo(1.0);
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
      receive(t2m(hour(6 * step), 280 + step));
      receive(forecast(hour(6 * step), 281 + step, 282 + step));
      watermark(hour(6 * step));
    }
    // Waiting steps and anomalies of this key, references, skill and newest time: nothing else.
    assertThat(harness.numKeyedStateEntries()).isEqualTo(5);
    assertThat(harness.numEventTimeTimers()).isEqualTo(2);
  }

  @Test
  void aForecastThatComesAfterItsTimeChangesNothing() throws Exception {
    receive(t2m(hour(6), 282));
    watermark(hour(0));
    receive(forecast(hour(0), 283, 284));
    watermark(hour(12));
    assertThat(scores()).isEmpty();
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
    List<Forecast.Step> steps = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      float[] cells = new float[Samples.GRID.cells()];
      Arrays.fill(cells, values[i]);
      steps.add(new Forecast.Step(i + 1, issueTime.plusSeconds(21600L * (i + 1)), cells));
    }
    return new Forecast(
        "t2m",
        Samples.T2M,
        Samples.GRID,
        issueTime,
        revision,
        steps,
        "m2no",
        "abc",
        List.of(Samples.ORIGIN));
  }

  private static KeyedTwoInputStreamOperatorTestHarness<String, Forecast, Field, Score> harness()
      throws Exception {
    return new KeyedTwoInputStreamOperatorTestHarness<>(
        new KeyedCoProcessOperator<>(
            new VerifyForecasts(VerifyStreams.stream("PT6H", "2020-01-01T00:00:00Z", 1, 2))),
        forecast -> "t2m",
        field -> "t2m",
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
}
