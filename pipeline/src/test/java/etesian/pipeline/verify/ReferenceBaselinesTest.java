package etesian.pipeline.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.ingest.field.Frame;
import etesian.ingest.netcdf.GranuleReader;
import etesian.ingest.netcdf.Refusal;
import etesian.pipeline.Samples;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.StreamVariable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/**
 * Real series through the whole operator: persistence as the model, issued in the last 30 %. The
 * expected errors were computed independently with numpy (README of the acceptance data): those of
 * persistence must be the same, those of references that go on learning must not be worse than of
 * ones that were fitted once on the first 70 %.
 */
class ReferenceBaselinesTest {
  @Test
  void seaSurfaceTemperatureOfTheNorthPacific() throws Exception {
    Map<Integer, Score> scores =
        lastScores("sst_ersstv5_npac_monthly_1950-2019_19x51.nc", "P1M", 1, 4, 12);
    check(scores.get(1), 249, 1.8380, 0.8944, 0.5378);
    check(scores.get(4), 246, 5.6185, 0.8940, 0.8065);
    check(scores.get(12), 238, 0.9470, 0.8974, 0.8426);
    assertThat(scores.get(1).cells()).as("ocean").isEqualTo(717);
  }

  @Test
  void hourlyTemperatureOfFlandersWhosePairsAreFormedByTime() throws Exception {
    Map<Integer, Score> scores =
        lastScores("era5_legacy_t2m_hourly_sep1979-2020_flanders_5x5.nc", "PT1H", 1, 4, 12);
    check(scores.get(1), 9059, 0.9394, 3.0986, 0.6177);
    check(scores.get(4), 9020, 3.2445, 3.0968, 1.6085);
    check(scores.get(12), 8916, 5.9563, 3.1022, 2.5586);
  }

  private static void check(
      Score score, long pairs, double persistence, double climatology, double damped) {
    assertThat(score.n()).isEqualTo(pairs);
    assertThat(score.rmsePersistence()).isCloseTo(persistence, within(1e-4));
    assertThat(score.rmse()).isCloseTo(score.rmsePersistence(), within(1e-12));
    assertThat(score.skillPersistence()).isCloseTo(0, within(1e-12));
    assertThat(score.rmseClimatology()).isBetween(0.9 * climatology, 1.01 * climatology);
    assertThat(score.rmseDamped()).isBetween(0.9 * damped, 1.01 * damped);
  }

  /** The cumulative scores at the end of a file, by lead. */
  private static Map<Integer, Score> lastScores(String file, String step, Integer... leads)
      throws Exception {
    List<Field> fields = fields(file);
    Frame first = fields.get(0).frame();
    StreamSettings stream =
        VerifyStreams.stream(step, first.validAt().toString(), first.grid(), leads)
            .withVariables(
                List.of(new StreamVariable(first.variable().name(), first.variable().units())));
    Map<Integer, Score> last = new HashMap<>();
    try (KeyedTwoInputStreamOperatorTestHarness<String, Forecast, Field, Score> harness =
        new KeyedTwoInputStreamOperatorTestHarness<>(
            new KeyedCoProcessOperator<>(new VerifyForecasts(stream)),
            forecast -> "stream",
            field -> "stream",
            Types.STRING)) {
      harness.open();
      for (int i = 0; i < fields.size(); i++) {
        long time = fields.get(i).frame().validAt().toEpochMilli();
        harness.processElement2(fields.get(i), time);
        if (i >= (int) (0.7 * fields.size())) {
          harness.processElement1(persistence(fields.get(i), stream), time);
        }
      }
      harness.endInput1();
      harness.endInput2();
      harness.processBothWatermarks(Watermark.MAX_WATERMARK);
      harness.extractOutputValues().forEach(score -> last.put(score.lead(), score));
    }
    return last;
  }

  private static Forecast persistence(Field field, StreamSettings stream) {
    Instant issueTime = field.frame().validAt();
    List<Forecast.Step> steps = new ArrayList<>();
    for (int lead : stream.verifyLeads()) {
      steps.add(new Forecast.Step(lead, stream.step().plus(issueTime, lead), field.toArray()));
    }
    return new Forecast(
        stream.name(),
        field.frame().variable(),
        stream.grid(),
        issueTime,
        0,
        steps,
        "persistence",
        "abc",
        List.of(Samples.ORIGIN));
  }

  private static List<Field> fields(String file) throws IOException, Refusal {
    Path path = Path.of(System.getProperty("etesian.shared", "absent"), "data", file);
    assumeTrue(Files.exists(path), () -> path + " is absent; set -Detesian.shared=FOLDER");
    return new GranuleReader().read(Files.readAllBytes(path), file, Samples.ORIGIN).fields();
  }
}
