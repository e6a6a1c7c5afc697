package etesian.pipeline.verify;

import static etesian.pipeline.Samples.hour;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Regrid;
import etesian.ingest.field.Variable;
import etesian.pipeline.Samples;
import etesian.pipeline.settings.Box;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.StreamVariable;
import etesian.pipeline.settings.VerificationSettings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntPredicate;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream of two variables around the earth, each verified on its own, by regions. */
class RegionalScoresTest {
  /** Rows on the poles, on 20 degrees and on the equator. */
  private static final Grid EARTH = new Grid(19, 36, 90, 0, 10, 10);

  private static final int TIMES = 6;
  private static final Box PACIFIC = new Box(150, -30, -120, 40);

  private static final StreamSettings STREAM =
      VerifyStreams.stream("PT6H", "2020-01-01T00:00:00Z", EARTH, 1)
          .withVariables(
              List.of(new StreamVariable("t2m", "K"), new StreamVariable("u10", "m s**-1")))
          .withVerification(new VerificationSettings(Map.of("pacific", PACIFIC), 1));

  private final List<float[]> observed = fields(1);
  private final List<float[]> predicted = fields(2); // at the same times

  @TempDir private Path folder;

  /** Values with gaps, by seed. */
  private static List<float[]> fields(int seed) {
    Random random = new Random(seed);
    List<float[]> fields = new ArrayList<>();
    for (int time = 0; time < TIMES; time++) {
      float[] values = new float[EARTH.cells()];
      for (int cell = 0; cell < values.length; cell++) {
        values[cell] =
            random.nextInt(20) == 0 ? Float.NaN : (float) (280 + 10 * random.nextGaussian());
      }
      fields.add(values);
    }
    return fields;
  }

  /** WeatherBench's equations written down again, on the bounds of WeatherBench 2, in double. */
  @Test
  void everyRegionEqualsItsDefinition() throws Exception {
    Score last = scoresOf(run(STREAM, new HashMapStateBackend(), false), "t2m").get(TIMES - 2);
    check(last.rmse(), last.mae(), last.bias(), last.skillPersistence(), last.n(), cell -> true);
    Map<String, IntPredicate> regions =
        Map.of(
            "northern-hemisphere", cell -> latitude(cell) >= 20,
            "tropics", cell -> Math.abs(latitude(cell)) <= 20,
            "southern-hemisphere", cell -> latitude(cell) <= -20,
            "pacific",
                cell ->
                    latitude(cell) >= -30
                        && latitude(cell) <= 40
                        && longitude(cell) >= 150
                        && longitude(cell) <= 240);
    assertThat(last.regions()).containsOnlyKeys(regions.keySet());
    regions.forEach(
        (name, holds) -> {
          RegionScore score = last.regions().get(name);
          check(
              score.rmse(), score.mae(), score.bias(), score.skillPersistence(), score.n(), holds);
        });
  }

  private static double latitude(int cell) {
    return 90 - cell / 36 * 10;
  }

  private static double longitude(int cell) {
    return cell % 36 * 10;
  }

  private void check(
      double rmse, double mae, double bias, double skill, long n, IntPredicate holds) {
    double squared = 0;
    double absolute = 0;
    double error = 0;
    double reference = 0;
    for (int time = 1; time < TIMES; time++) {
      double weight = 0;
      double[] sums = new double[4];
      for (int cell = 0; cell < EARTH.cells(); cell++) {
        double e = (double) predicted.get(time)[cell] - observed.get(time)[cell];
        double r = (double) observed.get(time - 1)[cell] - observed.get(time)[cell];
        // the climatology speaks where a cell was ever seen, damped persistence where it was before
        if (holds.test(cell) && Double.isFinite(e + r)) {
          double w = Math.cos(Math.toRadians(latitude(cell)));
          weight += w;
          sums[0] += w * e * e;
          sums[1] += w * Math.abs(e);
          sums[2] += w * e;
          sums[3] += w * r * r;
        }
      }
      squared += sums[0] / weight;
      absolute += sums[1] / weight;
      error += sums[2] / weight;
      reference += sums[3] / weight;
    }
    double times = TIMES - 1;
    assertThat(n).isEqualTo(TIMES - 1);
    assertThat(rmse).isCloseTo(Math.sqrt(squared / times), within(1e-6 * rmse));
    assertThat(mae).isCloseTo(absolute / times, within(1e-6 * mae));
    assertThat(bias).isCloseTo(error / times, within(1e-6 * mae));
    assertThat(skill).isCloseTo(1 - squared / reference, within(1e-6));
  }

  @Test
  void theVariablesOfAStreamAreVerifiedOnTheirOwn() throws Exception {
    List<Score> scores = run(STREAM, new HashMapStateBackend(), false);
    assertThat(scoresOf(scores, "t2m")).extracting(Score::units).containsOnly("K");
    assertThat(scoresOf(scores, "u10")).extracting(Score::units).containsOnly("m s**-1");
    assertThat(scoresOf(scores, "u10")).hasSize(TIMES - 1);
    Score t2m = scoresOf(scores, "t2m").get(TIMES - 2);
    Score u10 = scoresOf(scores, "u10").get(TIMES - 2);
    assertThat(u10.n()).isEqualTo(TIMES - 1);
    assertThat(u10.rmse()).as("of a perfect forecast").isZero();
    assertThat(t2m.rmse()).isGreaterThan(5);
  }

  @Test
  void aRestoredJobOnRocksDbGivesTheScoresOfTheHeap() throws Exception {
    List<Score> onHeap = run(STREAM, new HashMapStateBackend(), false);
    assertThat(run(STREAM, new EmbeddedRocksDBStateBackend(true), true)).isEqualTo(onHeap);
  }

  @Test
  void aCoarserGridIsScoredAsFieldsThatWereCoarsenedBefore() throws Exception {
    StreamSettings coarse = STREAM.withVerification(new VerificationSettings(Map.of(), 3));
    Grid grid = coarse.verifiedGrid();
    assertThat(grid).isEqualTo(new Grid(7, 12, 90, 10, 30, 30));
    Score last = scoresOf(run(coarse, new HashMapStateBackend(), false), "t2m").get(TIMES - 2);
    assertThat(last.cells()).isLessThanOrEqualTo(grid.cells());
    Regrid regrid = Regrid.conservative(EARTH, grid);
    float[] forecast = regrid.apply(predicted.get(TIMES - 1));
    float[] truth = regrid.apply(observed.get(TIMES - 1));
    PairStatistics expected =
        PairStatistics.of(
                forecast,
                truth,
                new ReferenceFields(regrid.apply(observed.get(TIMES - 2)), null, null),
                Cells.weights(grid))
            .orElseThrow();
    assertThat(last.sample().rmse()).isCloseTo(expected.rmse(), within(1e-6));
  }

  @Test
  void aBetterObservationIsTakenOutOfEveryRegionAndPutInAgain() throws Exception {
    List<Score> undisturbed = scoresOf(run(STREAM, new HashMapStateBackend(), false), "t2m");
    try (var harness = harness(STREAM.withRetention(100), new HashMapStateBackend())) {
      harness.open();
      float[] wrong = observed.get(TIMES - 1).clone();
      for (int cell = 0; cell < wrong.length; cell++) {
        wrong[cell] *= 1e15f;
      }
      for (int time = 0; time < TIMES; time++) {
        float[] seen = time == TIMES - 1 ? wrong : observed.get(time);
        receive(harness, Samples.T2M, time, seen, predicted);
        harness.processBothWatermarks(new Watermark(hour(6 * time).toEpochMilli()));
      }
      harness.processElement2(field(Samples.T2M, TIMES - 1, observed.get(TIMES - 1), 1), 0);
      List<Score> disturbed = harness.extractOutputValues();
      assertThat(disturbed.get(disturbed.size() - 1))
          .usingRecursiveComparison()
          .ignoringFields("observationRevision", "scoreRevision")
          .isEqualTo(undisturbed.get(undisturbed.size() - 1));
    }
  }

  @Test
  void onlyRegionsThatTheGridTouchesAreScored() {
    Grid europe = new Grid(3, 4, 60, -10, 10, 10);
    assertThat(Region.of(STREAM.verification().everyRegion(), europe))
        .extracting(Region::name)
        .containsExactly("northern-hemisphere");
  }

  @Test
  void theRecordHasRegionsBesideTheWholeGrid() throws Exception {
    Score score = scoresOf(run(STREAM, new HashMapStateBackend(), false), "t2m").get(0);
    JsonNode json = new ObjectMapper().readTree(score.toJson());
    assertThat(json.get("rmse").doubleValue()).isEqualTo(score.rmse());
    assertThat(json.get("regions").get("tropics").get("skill_persistence").doubleValue())
        .isEqualTo(score.regions().get("tropics").skillPersistence());
    assertThat(json.get("regions").get("pacific").get("sample").has("mae")).isTrue();
    Score.ScoreCodec codec = new Score.ScoreCodec();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    codec.write(score, new DataOutputStream(bytes));
    assertThat(codec.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()))))
        .isEqualTo(score);
  }

  private static List<Score> scoresOf(List<Score> scores, String variable) {
    return scores.stream().filter(score -> score.variable().equals(variable)).toList();
  }

  /** Both variables; the forecasts of u10 are perfect. */
  private List<Score> run(StreamSettings stream, StateBackend backend, boolean restarts)
      throws Exception {
    List<Score> scores = new ArrayList<>();
    var harness = harness(stream, backend);
    harness.open();
    for (int time = 0; time < TIMES; time++) {
      receive(harness, Samples.T2M, time, observed.get(time), predicted);
      receive(harness, Samples.U10, time, observed.get(time), observed);
      harness.processBothWatermarks(new Watermark(hour(6 * time).toEpochMilli()));
      if (restarts && time == TIMES / 2) {
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        scores.addAll(harness.extractOutputValues());
        harness.close();
        harness = harness(stream, backend);
        harness.initializeState(snapshot);
        harness.open();
      }
    }
    scores.addAll(harness.extractOutputValues());
    harness.close();
    return sorted(scores);
  }

  /** Timers of one time fire in an order of the backend's own over keys. */
  private static List<Score> sorted(List<Score> scores) {
    return scores.stream()
        .sorted(Comparator.comparing(Score::variable).thenComparing(Score::validTime))
        .toList();
  }

  private static void receive(
      KeyedTwoInputStreamOperatorTestHarness<String, Forecast, Field, Score> harness,
      Variable variable,
      int time,
      float[] seen,
      List<float[]> values)
      throws Exception {
    harness.processElement2(field(variable, time, seen, 0), 0);
    if (time + 1 < TIMES) {
      harness.processElement1(forecast(variable, time, values.get(time + 1)), 0);
    }
  }

  private static Field field(Variable variable, int time, float[] values, int revision) {
    return new Field(new Frame(variable, EARTH, hour(6 * time)), revision, Samples.ORIGIN, values);
  }

  private static Forecast forecast(Variable variable, int time, float[] values) {
    return new Forecast(
        "t2m",
        variable,
        EARTH,
        hour(6 * time),
        0,
        List.of(new Forecast.Step(1, hour(6 * time + 6), values)),
        "m2no",
        "abc",
        List.of(Samples.ORIGIN));
  }

  private KeyedTwoInputStreamOperatorTestHarness<String, Forecast, Field, Score> harness(
      StreamSettings stream, StateBackend backend) throws Exception {
    var harness =
        new KeyedTwoInputStreamOperatorTestHarness<>(
            new KeyedCoProcessOperator<>(new VerifyForecasts(stream)),
            (Forecast one) -> VerifyForecasts.keyOf(one.stream(), one.variable()),
            (Field one) -> VerifyForecasts.keyOf(stream.name(), one.frame().variable()),
            Types.STRING);
    if (backend instanceof EmbeddedRocksDBStateBackend rocks) {
      rocks.setDbStoragePath(folder.toString());
    }
    harness.setStateBackend(backend);
    return harness;
  }
}
