package etesian.pipeline.verify;

import static etesian.pipeline.Samples.hour;
import static etesian.pipeline.Samples.t2m;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.pipeline.Samples;
import etesian.pipeline.settings.StreamSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class SeriesVerifierTest {
  private static final StreamSettings STREAM =
      VerifyStreams.stream("PT6H", "2020-01-01T00:00:00Z", 1, 2, 4);

  @Test
  void theScoresAreThoseOfTheStream() throws Exception {
    List<Score> offline = new ArrayList<>();
    SeriesVerifier verifier = new SeriesVerifier(STREAM);
    Random random = new Random(7);
    try (var harness =
        new KeyedTwoInputStreamOperatorTestHarness<>(
            new KeyedCoProcessOperator<>(new VerifyForecasts(STREAM)),
            Forecast::stream,
            (Field field) -> "t2m",
            Types.STRING)) {
      harness.open();
      for (int step = 0; step < 40; step++) {
        if (step == 20) {
          continue; // a gap
        }
        Instant now = hour(6 * step);
        Field field = t2m(now, (float) (280 + 3 * random.nextGaussian()));
        Optional<Forecast> forecast =
            step % 3 == 1 ? Optional.empty() : Optional.of(forecast(now, random));
        if (forecast.isPresent()) {
          harness.processElement1(forecast.get(), now.toEpochMilli());
        }
        harness.processElement2(field, now.toEpochMilli());
        harness.processBothWatermarks(new Watermark(now.toEpochMilli()));
        offline.addAll(verifier.next(field, forecast));
      }
      assertThat(offline).hasSizeGreaterThan(60).isEqualTo(harness.extractOutputValues());
    }
  }

  @Test
  void timesAscend() {
    SeriesVerifier verifier = new SeriesVerifier(STREAM);
    verifier.next(t2m(hour(6), 280), Optional.empty());
    assertThatThrownBy(() -> verifier.next(t2m(hour(6), 280), Optional.empty()))
        .hasMessageContaining("after one at 2020-01-01T06:00:00Z");
    assertThatThrownBy(
            () -> verifier.next(t2m(hour(12), 280), Optional.of(forecast(hour(6), new Random(1)))))
        .hasMessageContaining("with the field at 2020-01-01T12:00:00Z");
  }

  private static Forecast forecast(Instant issueTime, Random random) {
    List<Forecast.Step> steps = new ArrayList<>();
    for (int lead = 1; lead <= 4; lead++) {
      float[] cells = new float[Samples.GRID.cells()];
      Arrays.fill(cells, (float) (280 + random.nextGaussian()));
      steps.add(new Forecast.Step(lead, issueTime.plusSeconds(21600L * lead), cells));
    }
    return new Forecast(
        "t2m", Samples.T2M, Samples.GRID, issueTime, 0, steps, "m2no", "abc", List.of());
  }
}
