package etesian.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class BenchTest {
  /** In a process of its own, as always. */
  @Test
  void aCaseIsMeasuredAndReportedWithWhatItDependsOn() throws Exception {
    Run run =
        Run.of(
            "bench",
            "smnn",
            "--case",
            "batch=1 forward",
            "--seconds",
            "0.05",
            "--threads",
            "1",
            "--memory",
            "kept",
            "--json");
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode report = new ObjectMapper().readTree(run.out());
    assertThat(report.get("benchmark").asText()).isEqualTo("smnn");
    assertThat(report.get("threads").asInt()).isEqualTo(1);
    assertThat(report.get("machine").get("cores").asInt()).isPositive();
    assertThat(report.get("machine").get("libtorch").asText()).isNotEmpty();
    assertThat(report.get("memory").get("kept").get("MALLOC_MMAP_THRESHOLD_").asText())
        .isEqualTo("4294967296");
    assertThat(report.get("results")).hasSize(1);
    JsonNode result = report.get("results").get(0);
    assertThat(result.get("case").asText()).isEqualTo("N=1024 batch=1 forward");
    assertThat(result.get("memory").asText()).isEqualTo("kept");
    assertThat(result.get("repeats").asInt()).isGreaterThanOrEqualTo(5);
    assertThat(result.get("minimum_ms").asDouble())
        .isPositive()
        .isLessThanOrEqualTo(result.get("median_ms").asDouble());
  }

  @Test
  void theTableForPeopleNamesCaseAndMachine() {
    Run run = Run.of("bench", "smnn", "--case", "batch=1 forward", "--seconds", "0");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out().lines().findFirst().orElseThrow())
        .startsWith("case")
        .contains("median_ms");
    assertThat(run.out()).contains("N=1024 batch=1 forward  as-is").contains("libtorch");
  }

  @Test
  void whatIsNotMeasuredIsRefused() {
    assertThat(Run.of("bench", "smnn", "--case", "N=3").err()).contains("no case of smnn");
    assertThat(Run.of("bench", "smnn", "--repeats", "0").exitCode()).isEqualTo(2);
    Run run = Run.of("bench", "smnn", "--memory", "lost");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("[returned, kept, as-is]");
  }

  @Test
  void aBenchmarkHasAName() {
    Run run = Run.of("bench");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("chaos").contains("m2no");
  }

  @Test
  void chaosNeedsTimeAndNoNegativeKills() {
    assertThat(Run.of("bench", "chaos", "--kills", "-1").exitCode()).isEqualTo(2);
    assertThat(Run.of("bench", "chaos", "--minutes", "0").exitCode()).isEqualTo(2);
    assertThat(Run.of("bench", "chaos", "--load", "0").err()).contains("a load above 0");
  }

  @Test
  void aPeerThatIsNotThereIsAnError() {
    Run run = Run.of("bench", "m2no", "--peer", "absent.pt");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("peer absent.pt cannot be read");
  }
}
