package etesian.pipeline.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import etesian.pipeline.climatology.Harmonics;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReferencesTest {
  private static final Instant START = Instant.parse("2000-01-01T00:00:00Z");
  private static final References.ReferencesCodec CODEC = new References.ReferencesCodec();

  private final Map<Integer, float[]> anomalies = new HashMap<>();

  @Test
  void beforeTheFirstObservationTheySayNothing() {
    assertThat(references().forecast(1, START, null, null)).isEqualTo(ReferenceFields.NONE);
  }

  @Test
  void afterOneObservationTheyKnowPersistenceAndItsMean() {
    References references = references();
    float[] observed = {15};
    float[] anomaly = references.learn(START, observed, Map.of());
    ReferenceFields fields = references.forecast(1, at(1), observed, anomaly);
    assertThat(fields.persistence()).containsExactly(15);
    assertThat(fields.climatology()).containsExactly(15);
    assertThat(fields.damped()).isNull();
  }

  @Test
  void withoutAnObservationAtTheIssueTimeOnlyClimatologySpeaks() {
    References references = references();
    references.learn(START, new float[] {15}, Map.of());
    ReferenceFields fields = references.forecast(1, at(2), null, null);
    assertThat(fields.persistence()).isNull();
    assertThat(fields.climatology()).containsExactly(15);
    assertThat(fields.damped()).isNull();
  }

  @Test
  void anAnomalyIsDampedAsItUsuallyIs() {
    References references = references();
    Random random = new Random(3);
    double anomaly = 0;
    for (int day = 0; day < 4000; day++) {
      anomaly = 0.8 * anomaly + random.nextGaussian();
      learn(references, day, (float) (10 + anomaly));
    }
    float[] last = anomalies.get(3999);
    float normal = references.forecast(1, at(4000), null, null).climatology()[0];
    float[] observed = {normal + 4};
    ReferenceFields next = references.forecast(1, at(4000), observed, new float[] {4});
    ReferenceFields later = references.forecast(3, at(4000), observed, new float[] {4});
    assertThat(last).hasSize(1);
    assertThat(next.damped()[0] - normal).isCloseTo(4 * 0.8f, within(0.1f));
    assertThat(later.damped()[0] - normal).isCloseTo(4 * 0.512f, within(0.2f));
  }

  @Test
  void anAnomalyNeverGrows() {
    AnomalyDamping damping = new AnomalyDamping(2);
    damping.learn(new float[] {1, Float.NaN}, new float[] {50, 1});
    assertThat(damping.on(new float[] {10, 10}, new float[] {2, 2})).containsExactly(12, 10);
  }

  @Test
  void theyGoOnAfterARestartAndCopiesLearnByThemselves() throws IOException {
    References references = references();
    for (int day = 0; day < 20; day++) {
      learn(references, day, day % 5);
    }
    ReferenceFields before = references.forecast(3, at(30), new float[] {1}, new float[] {1});
    References restored = restored(references);
    References copy = CODEC.copy(references);
    copy.learn(at(20), new float[] {99}, Map.of(3, new float[] {5}));

    assertSame(restored.forecast(3, at(30), new float[] {1}, new float[] {1}), before);
    assertSame(references.forecast(3, at(30), new float[] {1}, new float[] {1}), before);
  }

  @Test
  void aLeadThatTheSettingsAddStartsAfresh() throws IOException {
    References references = references();
    learn(references, 0, 1);
    learn(references, 1, 2);
    References restored = restored(references);
    float[] observed = {3};
    float[] anomaly = restored.learn(at(2), observed, Map.of());
    assertThat(restored.forecast(1, at(3), observed, anomaly).damped()).isNotNull();
    assertThat(restored.forecast(2, at(4), observed, anomaly).damped()).isNull();

    float[] next = restored.learn(at(4), observed, Map.of(2, anomaly));
    assertThat(restored.forecast(2, at(6), observed, next).damped()).isNotNull();
  }

  private static void assertSame(ReferenceFields actual, ReferenceFields expected) {
    assertThat(actual.climatology()).containsExactly(expected.climatology());
    assertThat(actual.damped()).containsExactly(expected.damped());
  }

  private static References references() {
    return new References(new Harmonics(1, 0), 1);
  }

  private void learn(References references, int day, float value) {
    Map<Integer, float[]> earlier = new HashMap<>();
    for (int lead : List.of(1, 3)) {
      if (anomalies.containsKey(day - lead)) {
        earlier.put(lead, anomalies.get(day - lead));
      }
    }
    anomalies.put(day, references.learn(at(day), new float[] {value}, earlier));
  }

  private static Instant at(int day) {
    return START.plus(Duration.ofDays(day));
  }

  private static References restored(References references) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CODEC.write(references, new DataOutputStream(bytes));
    return CODEC.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
  }
}
