package etesian.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.operators.Devices;
import etesian.ops.sample.SimulatedAtmosphere;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class StreamCaseTest {
  @TempDir private Path folder;

  @BeforeAll
  static void oneThread() {
    Devices.setThreads(1);
  }

  @Test
  void theWholeJobIsMeasuredBesideItsModelAndItsBroker() throws Exception {
    Map<String, Object> figures =
        new StreamCase("small", SimulatedAtmosphere.GRID, true, List.of())
            .measure(new Case.Limits(1, 1));
    assertThat(figures).containsEntry("rounds", 1);
    assertThat(figures)
        .extractingByKeys(
            "fields_per_s", "mb_per_s", "model_alone_fields_per_s", "broker_alone_fields_per_s")
        .allSatisfy(rate -> assertThat((Double) rate).isPositive());
    assertThat((Double) figures.get("steps_per_s"))
        .isEqualTo(StreamCase.HORIZON * (Double) figures.get("fields_per_s"));
    // Steps and batches are counted one after the other: the quotient may be a little too large.
    assertThat((Double) figures.get("batch_mean")).isBetween(1.0, 1.5 * StreamRig.BATCH);
  }

  @Test
  void aRolloutIsSeenBeforeItIsCommitted() {
    Map<String, Object> figures =
        new RolloutCase("small", SimulatedAtmosphere.GRID, 1).measure(new Case.Limits(1, 0));
    assertThat((Double) figures.get("first_step_ms"))
        .isPositive()
        .isLessThan((Double) figures.get("first_committed_ms"));
    assertThat((Double) figures.get("steps_per_s")).isPositive();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aPeerThatLacksAModuleIsNotMeasuredAndSaysWhich() throws Exception {
    Path program = Files.writeString(folder.resolve("peer"), "#!/bin/sh\necho no torch\nexit 3\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    assertThat(new StreamPeer(program).measure(null, List.of(), Map.of(), Duration.ZERO))
        .containsExactly(Map.entry("peer", "not measured: no torch"));
  }
}
