package etesian.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.ingest.field.Grid;
import etesian.ingest.wire.ForecastCodec;
import etesian.ingest.wire.ForecastEvents;
import etesian.ingest.wire.GranuleNetcdf;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.settings.DeviceSettings;
import etesian.pipeline.settings.EnsembleSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.tune.FirstWeights;
import etesian.pipeline.verify.Score;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A stream of ensembles through the whole job: members, products and scores. */
@Timeout(120)
class EnsembleJobTest {
  private static final Grid GRID = new Grid(16, 32, 84.375, 0, 11.25, 11.25);
  private static final int FIELDS = 12;
  private static final int HORIZON = 3;
  private static final int LAGGED = 1;
  private static final int MEMBERS = 5;
  private static final int MISSING = 40; // a cell

  private static final StreamSettings ONE_RUN =
      Samples.stream(2, HORIZON).withGrid(GRID).withVerifyLeads(List.of(1, HORIZON));

  @TempDir private static Path folder;
  private static List<Field> fields;
  private static Champion champion;
  private static Map<String, Set<ByteBuffer>> right;

  @BeforeAll
  static void runOnce() throws Exception {
    fields = fields();
    FirstWeights hasty = new FirstWeights(Duration.ofMillis(100), (stream, done, loss) -> {});
    String sha256 = new WeightsStore(folder).put(hasty.train(ONE_RUN, fields));
    champion = new Champion("t2m", "m2no", sha256, Champion.ALWAYS, null);
    MemoryEnds ends = ends("ensemble");
    run(ends, stream(true), new DeviceSettings(64, 8, 1 << 20, 1, true));
    right = ends.records();
  }

  private static StreamSettings stream(boolean emitMembers) {
    return ONE_RUN.withEnsemble(
        new EnsembleSettings(
            MEMBERS, 0.2, 3, 1500, true, LAGGED, List.of(0.1, 0.9), emitMembers, 3));
  }

  @Test
  void everyLeadOfEveryIssueTimeIsAnEnsemble() throws Exception {
    List<Forecast> forecasts = forecasts(right);
    int issueTimes = FIELDS - ONE_RUN.history() - LAGGED + 1; // a window holds a field more
    assertThat(forecasts).hasSize(issueTimes * HORIZON);
    for (Forecast forecast : forecasts) {
      assertThat(forecast.ensemble().members()).hasSize(MEMBERS);
      Forecast.Step step = forecast.steps().get(0);
      for (int cell = 0; cell < GRID.cells(); cell++) {
        double sum = 0;
        for (float[] member : step.ensemble().members()) {
          sum += member[cell];
        }
        if (cell == MISSING) {
          assertThat(step.values()[cell]).isNaN();
        } else {
          assertThat(step.values()[cell]).isCloseTo((float) (sum / MEMBERS), within(1e-3f));
          assertThat(step.ensemble().spread()[cell]).isPositive();
        }
      }
    }
  }

  /** By the definitions, in float64, from what came out of the job and what went in. */
  @Test
  void theScoresAreThoseOfTheMembers() throws Exception {
    Map<Instant, float[]> truth = new HashMap<>();
    fields.forEach(field -> truth.put(field.frame().validAt(), field.toArray()));
    Map<Integer, double[]> sums = new HashMap<>(); // by lead
    int compared = 0;
    for (Forecast forecast : forecasts(right)) {
      Forecast.Step step = forecast.steps().get(0);
      float[] observed = truth.get(step.validAt());
      if (observed == null || !ONE_RUN.verifyLeads().contains(step.lead())) {
        continue;
      }
      double[] errors = errors(step, observed);
      double[] sum = sums.computeIfAbsent(step.lead(), lead -> new double[errors.length + 1]);
      sum[errors.length]++;
      for (int i = 0; i < errors.length; i++) {
        sum[i] += errors[i];
      }
      Score score = score(forecast.issueTime(), step.lead());
      double n = sum[errors.length];
      assertThat(score.n()).isEqualTo((long) n);
      assertThat(score.ensemble().crps()).isCloseTo(sum[0] / n, within(1e-6));
      assertThat(score.ensemble().crpsPlain()).isCloseTo(sum[1] / n, within(1e-6));
      assertThat(score.ensemble().spread()).isCloseTo(Math.sqrt(sum[2] / n), within(1e-6));
      assertThat(score.ensemble().spreadSkillRatio())
          .isCloseTo(Math.sqrt((MEMBERS + 1.0) / MEMBERS * sum[2] / sum[3]), within(1e-6));
      assertThat(score.rmse()).isCloseTo(Math.sqrt(sum[3] / n), within(1e-6));
      assertThat(score.sample().ensemble().crps()).isCloseTo(errors[0], within(1e-6));
      assertThat(score.toJson()).contains("\"crps\":" + score.ensemble().crps());
      compared++;
    }
    assertThat(compared).isEqualTo(9 + 7); // lead 1 and lead 3 of what was observed
  }

  /** Fair and plain CRPS, variance, squared error of the mean: weighted means over cells. */
  private static double[] errors(Forecast.Step step, float[] observed) {
    double[] sums = new double[4];
    double weight = 0;
    List<float[]> members = step.ensemble().members();
    for (int cell = 0; cell < GRID.cells(); cell++) {
      if (cell == MISSING) {
        continue;
      }
      double w = Math.cos(Math.toRadians(GRID.latitude(cell / GRID.columns())));
      double absolute = 0;
      double apart = 0;
      double mean = 0;
      for (float[] one : members) {
        absolute += Math.abs((double) one[cell] - observed[cell]) / MEMBERS;
        mean += (double) one[cell] / MEMBERS;
        for (float[] other : members) {
          apart += Math.abs((double) one[cell] - other[cell]);
        }
      }
      double variance = 0;
      for (float[] one : members) {
        variance += (one[cell] - mean) * (one[cell] - mean) / (MEMBERS - 1);
      }
      double error = (double) step.values()[cell] - observed[cell];
      sums[0] += w * (absolute - apart / (2.0 * MEMBERS * (MEMBERS - 1)));
      sums[1] += w * (absolute - apart / (2.0 * MEMBERS * MEMBERS));
      sums[2] += w * variance;
      sums[3] += w * error * error;
      weight += w;
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] /= weight;
    }
    return sums;
  }

  @Test
  void aRestartInTheMiddleGivesTheSameMembersAndScores() throws Exception {
    MemoryEnds ends = ends("failing ensemble");
    ends.failAfter(FIELDS * HORIZON / 2);
    run(ends, stream(true), new DeviceSettings(2, 3, 1 << 20, 2, true));
    assertThat(ends.hasFailed()).isTrue();
    assertThat(ends.records()).isEqualTo(right);
  }

  @Test
  void membersStayInTheJobUnlessTheyAreAskedFor() throws Exception {
    MemoryEnds ends = ends("products");
    run(ends, stream(false), new DeviceSettings(64, 8, 1 << 20, 1, true));
    List<Forecast> shown = forecasts(ends.records());
    assertThat(shown).isEqualTo(forecasts(right).stream().map(Forecast::withoutMembers).toList());
    for (Forecast forecast : shown) {
      assertThat(ForecastEvents.record("t", forecast, "dev", Instant.EPOCH).headers())
          .anyMatch(header -> header.key().equals("ce_members"));
    }
    assertThat(scores(ends.records())).isEqualTo(scores(right));
  }

  private static MemoryEnds ends(String run) {
    List<byte[]> granules =
        fields.stream().map(field -> GranuleNetcdf.write(List.of(field))).toList();
    return new MemoryEnds(run, granules, 30, champion);
  }

  private static void run(MemoryEnds ends, StreamSettings stream, DeviceSettings device)
      throws Exception {
    LocalJob.run(
        LocalJob.settings(folder, Duration.ofMillis(50), device, stream), ends, 1, champion);
  }

  private static List<Forecast> forecasts(Map<String, Set<ByteBuffer>> records) throws IOException {
    List<Forecast> forecasts = new ArrayList<>();
    for (Map.Entry<String, Set<ByteBuffer>> entry : records.entrySet()) {
      if (!entry.getKey().contains("/")) { // the name of a score has one
        forecasts.add(ForecastCodec.INSTANCE.read(in(entry.getValue())));
      }
    }
    forecasts.sort(Comparator.comparing(Forecast::issueTime).thenComparing(Forecast::firstLead));
    return forecasts;
  }

  private static Map<String, Score> scores(Map<String, Set<ByteBuffer>> records)
      throws IOException {
    Map<String, Score> scores = new HashMap<>();
    for (Map.Entry<String, Set<ByteBuffer>> entry : records.entrySet()) {
      if (entry.getKey().contains("/")) {
        scores.put(entry.getKey(), new Score.ScoreCodec().read(in(entry.getValue())));
      }
    }
    return scores;
  }

  private static Score score(Instant issueTime, int lead) throws IOException {
    return scores(right).values().stream()
        .filter(score -> score.issueTime().equals(issueTime) && score.lead() == lead)
        .findFirst()
        .orElseThrow();
  }

  private static DataInputStream in(Set<ByteBuffer> forms) {
    assertThat(forms).hasSize(1);
    return new DataInputStream(new ByteArrayInputStream(forms.iterator().next().array()));
  }

  /** A cell is always missing. */
  private static List<Field> fields() {
    return Samples.waves(GRID, FIELDS).stream()
        .map(
            field -> {
              float[] values = field.toArray();
              values[MISSING] = Float.NaN;
              return new Field(field.frame(), 1, Samples.ORIGIN, values);
            })
        .toList();
  }
}
