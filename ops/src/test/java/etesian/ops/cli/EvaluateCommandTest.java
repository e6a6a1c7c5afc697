package etesian.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import etesian.ingest.field.Forecast;
import etesian.ingest.wire.ForecastNetcdf;
import etesian.ingest.wire.Sha256;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo's sea and its weights: 60 weeks, of which the first 52 are history. */
class EvaluateCommandTest {
  @TempDir private static Path shared;
  private static String weights;
  private static String sha256;
  private static String data;

  @TempDir private Path folder;

  @BeforeAll
  static void sea() throws Exception {
    try (InputStream in =
        EvaluateCommandTest.class.getResourceAsStream("/weights/simulated-sst.safetensors")) {
      byte[] bytes = in.readAllBytes();
      sha256 = Sha256.hex(bytes);
      weights = Files.write(shared.resolve("sea.safetensors"), bytes).toString();
    }
    data = shared.resolve("sea").toString();
    Run run = Run.of("sample", data, "--days", "420", "--dataset", "sst", "--start", "2020-01-01");
    assertThat(run.exitCode()).isZero();
  }

  private static JsonNode json(Run run) throws Exception {
    assertThat(run.exitCode()).as(run.err()).isZero();
    return new ObjectMapper().readTree(run.out());
  }

  @Test
  void theHeaderOfTheWeightsSaysWhatTheyForecast() throws Exception {
    JsonNode skill =
        json(Run.of("evaluate", "--weights", weights, "--data", data, "--leads", "1,4", "--json"));

    assertThat(skill.get("weights_sha256").asText()).isEqualTo(sha256);
    assertThat(skill.get("model").asText()).isEqualTo("smnn");
    assertThat(skill.get("issue_times").asInt()).isEqualTo(9);
    assertThat(skill.get("first_issue_time").asText()).isEqualTo("2020-12-23T00:00:00Z");
    JsonNode leads = skill.get("variables").get(0).get("leads");
    assertThat(leads.findValuesAsText("lead")).containsExactly("1", "4");
    assertThat(leads.get(0).get("n").asInt()).isEqualTo(8);
    assertThat(leads.get(1).get("n").asInt()).isEqualTo(5);
    double rmse = leads.get(0).get("rmse").asDouble();
    double persistence = leads.get(0).get("rmse_persistence").asDouble();
    assertThat(leads.get(0).get("skill_persistence").asDouble())
        .isCloseTo(1 - rmse * rmse / (persistence * persistence), within(1e-9));
    assertThat(rmse).isLessThan(persistence);
  }

  @Test
  void settingsHaveIssueTimesAndLeadsOfTheirOwn() throws Exception {
    Path settings = folder.resolve("etesian.yaml");
    Files.writeString(
        settings,
        """
        streams:
          - {name: air, dataset: era5, variable: t2m, units: K, step: PT6H, horizon: 6, model: m2no}
          - name: sea
            dataset: sst
            variable: sst
            units: K
            step: P7D
            anchor: 2020-01-01
            history: 52
            horizon: 26
            issue_every: 2
            issue_from: 2021-01-01
            verify_leads: [2]
            model: smnn
            ensemble: {members: 4}
        """);
    Run run =
        Run.of(
            "evaluate", "--weights", weights, "--data", data, "-c", settings.toString(), "--json");
    JsonNode skill = json(run);
    assertThat(run.err()).contains("stream sea: one run without noise, not its ensemble of 4");
    assertThat(skill.get("first_issue_time").asText()).isEqualTo("2021-01-13T00:00:00Z");
    assertThat(skill.get("issue_times").asInt()).isEqualTo(3);
    assertThat(skill.get("variables").get(0).get("leads").findValuesAsText("lead"))
        .containsExactly("2");

    Run unknown =
        Run.of(
            "evaluate",
            "--weights",
            weights,
            "--data",
            data,
            "-c",
            settings.toString(),
            "--stream",
            "lake");
    assertThat(unknown.exitCode()).isEqualTo(1);
    assertThat(unknown.err()).contains("called 'lake'", "air, sea");
  }

  @Test
  void picturesLieInTheirFolder() throws Exception {
    Path pictures = folder.resolve("pictures");
    Run run =
        Run.of(
            "evaluate",
            "--weights",
            weights,
            "--data",
            data,
            "--leads",
            "4",
            "--plot",
            pictures.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("sst [K] by smnn " + sha256.substring(0, 8), "  4      5");
    try (Stream<Path> files = Files.list(pictures)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .contains(
              "sst_rmse.svg", "sst_skill.svg", "sst_rmse_lead004.svg", "sst_bias_lead004.svg");
    }
    assertThat(Files.readString(pictures.resolve("sst_rmse.svg")))
        .contains("damped anomaly", "steps of 7 d");
  }

  @Test
  void aForecastIsWhatATopicWouldHoldAndCanBeDrawn() throws Exception {
    Path out = folder.resolve("out");
    Run run =
        Run.of(
            "forecast",
            "--weights",
            weights,
            "--data",
            data,
            "--leads",
            "2",
            "--issue",
            "2021-01-13",
            "--out",
            out.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    Path file = Path.of(run.out().strip());
    Forecast forecast = ForecastNetcdf.read(Files.readAllBytes(file));
    assertThat(forecast.issueTime()).hasToString("2021-01-13T00:00:00Z");
    assertThat(forecast.lastLead()).isEqualTo(2);
    assertThat(forecast.weightsSha256()).isEqualTo(sha256);
    assertThat(forecast.inputs()).hasSize(52);

    Path strange = Files.writeString(folder.resolve("strange.nc"), "no NetCDF");
    Run maps =
        Run.of("forecast", "maps", file.toString(), strange.toString(), "--out", out.toString());
    assertThat(maps.exitCode()).isEqualTo(1);
    assertThat(maps.err()).contains("strange.nc: ");
    assertThat(Files.readString(out.resolve("smnn_sst_20210113T000000Z_lead002.svg")))
        .contains("Wed 2021-01-27 00:00 UTC (+14 d), issued Wed 2021-01-13 00:00 UTC");
  }

  @Test
  void whatCannotBeForecastIsSaidSo() throws Exception {
    assertThat(Run.of("evaluate", "--weights", weights).exitCode()).isEqualTo(2);
    assertThat(Run.of("forecast", "--weights", weights, "--data", data).exitCode()).isEqualTo(2);
    assertThat(Run.of("evaluate", "--weights", weights, "--data", data, "--leads", "0").exitCode())
        .isEqualTo(2);
    assertThat(
            Run.of("evaluate", "--weights", weights, "--data", data, "--from", "2030-01-01").err())
        .contains("no forecast from 2030-01-01T00:00:00Z on");
    for (String issue : List.of("2020-01-08", "2020-01-09")) {
      Run run =
          Run.of(
              "forecast",
              "--weights",
              weights,
              "--data",
              data,
              "--issue",
              issue,
              "--out",
              folder.toString());
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err())
          .contains(issue.endsWith("8") ? "history of 52 is missing" : "no field of that time");
    }
    Path text = Files.writeString(folder.resolve("x.safetensors"), "text");
    assertThat(Run.of("evaluate", "--weights", text.toString(), "--data", data).exitCode())
        .isEqualTo(1);
  }
}
