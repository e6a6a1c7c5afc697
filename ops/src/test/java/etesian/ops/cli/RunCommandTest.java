package etesian.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ops.embedded.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code run --cluster} refuses before it sends anything. */
class RunCommandTest {
  private static final String SETTINGS =
      """
      kafka:
        brokers: %s
      streams:
        - {name: t2m, dataset: era5, variable: t2m, units: K, step: PT6H, horizon: 6, model: m2no}
      """;

  @TempDir private Path folder;

  private Run run(String brokers, String... more) throws IOException {
    Path file = folder.resolve("etesian.yaml");
    Files.writeString(file, SETTINGS.formatted(brokers));
    String[] arguments = new String[3 + more.length];
    System.arraycopy(new String[] {"run", "-c", file.toString()}, 0, arguments, 0, 3);
    System.arraycopy(more, 0, arguments, 3, more.length);
    return Run.of(arguments);
  }

  @Test
  void brokersInThisProcessAreOutOfReachOfACluster() throws IOException {
    Run run = run("embedded", "--cluster", "jobmanager:8081");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("kafka.brokers is 'embedded'").contains("host:port");
  }

  @Test
  void aClusterThatDoesNotAnswerIsNamed() throws IOException {
    String nobody = "127.0.0.1:" + Ports.free();
    Run run = run("broker:9092", "--cluster", nobody);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("Flink at " + nobody + " does not answer");
  }

  @Test
  void parallelismIsAtLeastOne() throws IOException {
    assertThat(run("broker:9092", "--parallelism", "0").exitCode()).isEqualTo(2);
  }
}
