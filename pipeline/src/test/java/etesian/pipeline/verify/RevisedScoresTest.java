package etesian.pipeline.verify;

import static etesian.pipeline.Samples.hour;
import static etesian.pipeline.Samples.t2m;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.pipeline.Samples;
import etesian.pipeline.types.CodecType;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.junit.jupiter.api.Test;

/** What comes late, or again, and the scores that are issued again for it. */
class RevisedScoresTest extends VerifyFixture {
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
  void aReissuedForecastTakesThePlaceOfTheFirst() throws Exception {
    receive(reissued(1, hour(0), 283, 284));
    receive(forecast(hour(0), 250, 250));
    receive(t2m(hour(6), 282));
    watermark(hour(6));
    assertThat(scores()).singleElement().extracting(Score::revision).isEqualTo(1);
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
        state(
            new ValueStateDescriptor<>(
                "references", new CodecType<>(References.class, new References.ReferencesCodec())));
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
}
