package etesian.pipeline.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import etesian.pipeline.PublishedSchema;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScoreTest {
  private static final Score SCORE =
      new Score(
          "npac-sst",
          "sst",
          "degC",
          4,
          Duration.ofDays(120),
          Instant.parse("2000-01-01T00:00:00Z"),
          Instant.parse("2000-04-30T00:00:00Z"),
          "smnn",
          "abc",
          1,
          0,
          2,
          17,
          717,
          0.5,
          0.4,
          -0.1,
          0.7,
          0.9,
          0.3,
          null,
          1.6,
          0.6,
          null,
          null,
          new Score.Sample(0.25, 0.2, 0.1, null),
          Map.of());

  private static final Score ENSEMBLE =
      SCORE
          .withEnsemble(new EnsembleScore(0.3, 0.35, 0.45, 0.98))
          .withSample(
              new Score.Sample(0.25, 0.2, 0.1, null, new EnsembleScore(0.2, 0.22, 0.4, null)));

  private static final Score REGIONAL =
      ENSEMBLE.withRegions(
          Map.of(
              "tropics",
              new RegionScore(
                  17,
                  300,
                  0.6,
                  0.5,
                  0.1,
                  null,
                  0.8,
                  0.2,
                  null,
                  1.5,
                  0.5,
                  null,
                  null,
                  new Score.Sample(0.1, 0.05, -0.1, 0.9))));

  @ParameterizedTest
  @MethodSource("scores")
  void theRecordIsAsPublished(Score score) {
    String json = score.withWeightsSha256("a".repeat(64)).toJson();
    assertThat(PublishedSchema.SCORE.complaints(json)).isEmpty();
    assertThat(PublishedSchema.SCORE.complaints(json.replace("\"mae\"", "\"mse\"")))
        .as("another name of an error")
        .isNotEmpty();
  }

  static List<Score> scores() {
    return List.of(SCORE, ENSEMBLE, REGIONAL);
  }

  @Test
  void theJsonHasSnakeCaseNamesIsoTimesAndExplicitNulls() throws IOException {
    JsonNode json = new ObjectMapper().readTree(SCORE.toJson());
    assertThat(json.get("issue_time").textValue()).isEqualTo("2000-01-01T00:00:00Z");
    assertThat(json.get("valid_time").textValue()).isEqualTo("2000-04-30T00:00:00Z");
    assertThat(json.get("lead_time").textValue()).isEqualTo("PT2880H");
    assertThat(json.get("weights_sha256").textValue()).isEqualTo("abc");
    assertThat(json.get("revision").intValue()).isEqualTo(1);
    assertThat(json.get("observation_revision").intValue()).isZero();
    assertThat(json.get("score_revision").intValue()).isEqualTo(2);
    assertThat(json.get("skill_persistence").doubleValue()).isEqualTo(0.9);
    assertThat(json.get("skill_damped").isNull()).isTrue();
    assertThat(json.get("sample").get("rmse").doubleValue()).isEqualTo(0.25);
    assertThat(json.size()).isEqualTo(25);
  }

  @Test
  void anEnsembleAddsItsFieldsAndOneRunHasNoneOfThem() throws IOException {
    JsonNode json = new ObjectMapper().readTree(ENSEMBLE.toJson());
    assertThat(json.get("crps").doubleValue()).isEqualTo(0.3);
    assertThat(json.get("crps_plain").doubleValue()).isEqualTo(0.35);
    assertThat(json.get("spread").doubleValue()).isEqualTo(0.45);
    assertThat(json.get("spread_skill_ratio").doubleValue()).isEqualTo(0.98);
    assertThat(json.get("sample").get("crps").doubleValue()).isEqualTo(0.2);
    assertThat(json.get("sample").get("spread_skill_ratio").isNull()).isTrue();
    assertThat(json.size()).isEqualTo(29);
    assertThat(SCORE.toJson()).doesNotContain("crps").doesNotContain("spread");
  }

  /** The first was written before scores were revised: final observation, first score. */
  @Test
  void storedScoresOfEveryVersionStillDecode() throws IOException {
    assertThat(stored("score-v1.bin").observationRevision()).isEqualTo(1);
    assertThat(stored("score-v1.bin").scoreRevision()).isZero();
    assertThat(stored("score-v1.bin"))
        .usingRecursiveComparison()
        .ignoringFields("observationRevision", "scoreRevision")
        .isEqualTo(SCORE);
    assertThat(stored("score-v2.bin")).isEqualTo(SCORE);
    assertThat(stored("score-v3.bin")).isEqualTo(ENSEMBLE);
    assertThat(stored("score-v4.bin")).isEqualTo(REGIONAL);
  }

  private static Score stored(String name) throws IOException {
    try (InputStream in = ScoreTest.class.getResourceAsStream(name)) {
      return new Score.ScoreCodec().read(new DataInputStream(in));
    }
  }

  /** Writes the newest stored sample; the argument is its folder. */
  public static void main(String[] folder) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(Files.newOutputStream(Path.of(folder[0], "score-v4.bin")))) {
      new Score.ScoreCodec().write(REGIONAL, out);
    }
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    Score.ScoreCodec codec = new Score.ScoreCodec();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    codec.write(SCORE, new DataOutputStream(bytes));
    assertThat(codec.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()))))
        .isEqualTo(SCORE);
  }
}
