package etesian.ops.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import etesian.ingest.field.Grid;
import etesian.ingest.netcdf.ClassicNetcdf;
import etesian.operators.Weights;
import etesian.ops.embedded.Ports;
import etesian.ops.metrics.Dashboards;
import etesian.ops.metrics.PrometheusServer;
import etesian.ops.run.Stack;
import etesian.ops.sample.SampleGranule;
import etesian.ops.sample.SimulatedOcean;
import etesian.ops.sample.SimulatedWorld;
import etesian.pipeline.settings.EnsembleSettings;
import etesian.pipeline.settings.StreamSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole job on a real broker and a real Flink, with both models and bad input in its middle.
 */
@Timeout(300)
class DemoTest {
  private static final int HORIZON = 4;
  private static final int DAYS = 20;
  private static final int WEEKS = 60;

  @TempDir private static Path folder;

  private static Report report;
  private static List<String> lines;
  private static PrometheusServer prometheus; // null where none is installed
  private static Instant end;

  @BeforeAll
  static void runTheStreamOnce() throws Exception {
    lines = new ArrayList<>();
    int metrics = Ports.free();
    int console = Ports.free();
    prometheus = PrometheusServer.start(folder, metrics, console).orElse(null);
    report =
        new Demo(Instant.now(), new Stack.ListenOn(0, 0, metrics), console, page -> {}, lines::add)
            .run(new RoughWeather(), Optional.empty());
    end = Instant.now();
  }

  @AfterAll
  static void stop() throws Exception {
    if (prometheus != null) {
      prometheus.close();
    }
  }

  @Test
  void everythingThatIsDueComesOnce() {
    assertThat(report.lost()).isZero();
    assertThat(report.duplicates()).isZero();
    assertThat(stream("t2m").forecasts())
        .as("issued from day 10 on, every second step, four leads")
        .isEqualTo((DAYS - 10) * 2 * HORIZON);
    assertThat(stream("sst").forecasts())
        .as("issued from the 52nd week on, four leads")
        .isEqualTo((WEEKS - 51) * HORIZON);
  }

  @Test
  void bothModelsServeWithTheirOwnWeights() {
    assertThat(report.streams())
        .extracting(Report.Stream::model)
        .containsExactlyInAnyOrder("m2no", "smnn");
    assertThat(report.streams())
        .extracting(Report.Stream::weightsSha256)
        .doesNotContainNull()
        .doesNotHaveDuplicates();
  }

  @Test
  void forecastsAreScoredWhenTheirObservationsCome() {
    for (Report.Stream stream : report.streams()) {
      assertThat(stream.scores()).extracting(Report.Lead::lead).containsExactly(1, 2, 3, 4);
      assertThat(stream.scores())
          .allSatisfy(
              lead -> {
                assertThat(lead.n()).isPositive();
                assertThat(lead.rmse()).isPositive();
                assertThat(lead.skillPersistence()).isNotNull();
              });
    }
    // An issue time every 12 hours, the last leads without an observation any more.
    assertThat(stream("t2m").scores().get(0).n()).isEqualTo((DAYS - 10) * 2);
    assertThat(stream("t2m").scores().get(3).n()).isEqualTo((DAYS - 10) * 2 - 2);
  }

  @Test
  void whatCannotBeReadBecomesADeadLetterAndHoldsNothingUp() {
    assertThat(report.deadLetters()).isEqualTo(3);
  }

  @Test
  void anAllMissingFieldPassesAndIsNotScored() {
    // Lead 1: one forecast is made from it (and is all missing), one is verified by it.
    int verifiable = WEEKS - 52; // the newest one waits for a week that never comes
    assertThat(stream("sst").scores().get(0).n()).isEqualTo(verifiable - 2);
  }

  @Test
  void aConsumerSawForecastsWhileTheStreamRan() {
    assertThat(report.firstForecastSeconds()).isPositive().isLessThan(report.wallSeconds());
  }

  @Test
  void everyPanelOfTheDashboardsHasData() throws Exception {
    assumeThat(prometheus).as("prometheus is not installed (a Debian package)").isNotNull();
    List<String> empty = new ArrayList<>();
    for (Dashboards.Query query : Dashboards.panels()) {
      if (lastAnswer(query.filledIn()).isEmpty()) {
        empty.add(query.where() + ": " + query.filledIn());
      }
    }
    assertThat(empty).isEmpty();
  }

  @Test
  void everyAlertAsksForMetricsThatAreThere() throws Exception {
    assumeThat(prometheus).as("prometheus is not installed (a Debian package)").isNotNull();
    for (Dashboards.Query query : Dashboards.rules()) {
      prometheus.query(query.expression(), end); // no error in it
      for (String metric : query.metrics()) {
        assertThat(lastAnswer(metric)).as("%s of %s", metric, query.where()).isNotEmpty();
      }
    }
  }

  /** The newest answer that is not empty; the job itself has ended by now. */
  private static JsonNode lastAnswer(String expression) throws Exception {
    JsonNode answer = prometheus.query(expression, end);
    for (int back = 2; answer.isEmpty() && back < report.wallSeconds(); back += 2) {
      answer = prometheus.query(expression, end.minusSeconds(back));
    }
    return answer;
  }

  private static Report.Stream stream(String name) {
    return report.streams().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }

  /** Twenty days and sixty weeks of the simulated world, with bad files in their middle. */
  private static final class RoughWeather implements Scenario {
    private final SimulatedWorld world =
        new SimulatedWorld(SimulatedScenario.SEED, SimulatedScenario.START);

    @Override
    public String title() {
      return "rough weather";
    }

    @Override
    public Map<StreamSettings, Weights> streams() {
      return Map.of(
          from(SimulatedScenario.TEMPERATURE, Duration.ofDays(10)),
          SimulatedScenario.weights(SimulatedScenario.TEMPERATURE),
          from(SimulatedScenario.SEA, Duration.ZERO),
          SimulatedScenario.weights(SimulatedScenario.SEA));
    }

    /** The sea learns and the air has two members, so that both have something to show. */
    private static StreamSettings from(StreamSettings s, Duration issueAfter) {
      StreamSettings shorter =
          new StreamSettings(
              s.name(),
              s.dataset(),
              s.variables().get(0).name(),
              s.variables().get(0).units(),
              s.grid(),
              s.step(),
              s.history(),
              HORIZON,
              s.issueEvery(),
              s.anchor(),
              SimulatedScenario.START.plus(issueAfter),
              s.lateness(),
              s.model(),
              List.of(1, 2, 3, 4));
      return s.tuning().on()
          ? shorter.withTuning(s.tuning())
          : shorter.withEnsemble(EnsembleSettings.DEFAULT);
    }

    @Override
    public Iterator<Granule> granules() {
      List<Granule> granules = new ArrayList<>();
      granules.add(granule(world.ocean().next(55)));
      for (int day = 0; day < DAYS; day++) {
        SampleGranule sample = world.atmosphere().next(4);
        granules.add(granule(sample));
        if (day == 11) {
          granules.add(bad("notes.nc", "station closed for lunch".getBytes(UTF_8)));
          granules.add(
              bad(
                  "pointer.nc",
                  ("version https://git-lfs.github.com/spec/v1\noid sha256:"
                          + "0".repeat(64)
                          + "\nsize 1024\n")
                      .getBytes(UTF_8)));
          granules.add(bad("cut.nc", Arrays.copyOf(sample.bytes(), sample.bytes().length / 2)));
        }
      }
      Instant missing = world.ocean().next(1).first();
      granules.add(new Granule("sst", "all-land.nc", allLand(missing), Duration.ZERO));
      granules.add(granule(world.ocean().next(WEEKS - 56)));
      return granules.iterator();
    }

    private static Granule granule(SampleGranule sample) {
      return new Granule(sample.dataset(), sample.fileName(), sample.bytes(), Duration.ZERO);
    }

    private static Granule bad(String name, byte[] bytes) {
      return new Granule("era5", name, bytes, Duration.ZERO);
    }

    /** A week of sea without a single value. */
    private static byte[] allLand(Instant at) {
      Grid grid = SimulatedOcean.GRID;
      float[] values = new float[grid.cells()];
      Arrays.fill(values, Float.NaN);
      double[] latitudes = new double[grid.rows()];
      Arrays.setAll(latitudes, grid::latitude);
      double[] longitudes = new double[grid.columns()];
      Arrays.setAll(longitudes, grid::longitude);
      ClassicNetcdf file =
          new ClassicNetcdf()
              .dimension("valid_time", 1)
              .dimension("latitude", grid.rows())
              .dimension("longitude", grid.columns());
      file.variable("valid_time", new double[] {at.getEpochSecond()}, "valid_time")
          .attribute("units", "seconds since 1970-01-01")
          .attribute("standard_name", "time");
      file.variable("latitude", latitudes, "latitude").attribute("units", "degrees_north");
      file.variable("longitude", longitudes, "longitude").attribute("units", "degrees_east");
      file.variable("sst", values, "valid_time", "latitude", "longitude")
          .attribute("units", SimulatedOcean.SST.units())
          .attribute("_FillValue", Float.NaN);
      return file.toBytes();
    }
  }
}
