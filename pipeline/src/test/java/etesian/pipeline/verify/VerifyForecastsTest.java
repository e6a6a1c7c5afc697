package etesian.pipeline.verify;

import static etesian.pipeline.Samples.hour;
import static etesian.pipeline.Samples.t2m;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which forecasts are scored, and when. */
class VerifyForecastsTest extends VerifyFixture {
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
}
