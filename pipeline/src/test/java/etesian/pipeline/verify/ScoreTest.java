package etesian.pipeline.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import org.junit.jupiter.api.Test;

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
          new Score.Sample(0.25, 0.2, 0.1, null));

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
  }

  private static Score stored(String name) throws IOException {
    try (InputStream in = ScoreTest.class.getResourceAsStream(name)) {
      return new Score.ScoreCodec().read(new DataInputStream(in));
    }
  }

  /** Writes the newest stored sample; the argument is its folder. */
  public static void main(String[] folder) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(Files.newOutputStream(Path.of(folder[0], "score-v2.bin")))) {
      new Score.ScoreCodec().write(SCORE, out);
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
