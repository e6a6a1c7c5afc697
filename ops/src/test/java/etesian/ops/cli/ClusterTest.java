package etesian.ops.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.kafka.TopicReader;
import etesian.ingest.kafka.Topics;
import etesian.operators.SafeTensors;
import etesian.ops.cluster.LocalCluster;
import etesian.ops.run.Granules;
import etesian.ops.sample.GranuleSeries;
import etesian.ops.sample.SimulatedWorld;
import etesian.pipeline.champion.WeightsStore;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The job on processes of its own, sent there by the command line. */
@Tag("cluster")
@Timeout(300)
class ClusterTest {
  private static final Instant START = Instant.parse("2020-01-01T00:00:00Z");
  private static final int HORIZON = 6;
  private static final int DAYS = 8;

  private static final String SETTINGS =
      """
      job: weather
      weights: %1$s/weights
      state: %1$s/state
      checkpoint_interval: PT0.5S
      kafka:
        brokers: %2$s
      streams:
        - name: t2m
          dataset: era5
          variable: t2m
          units: K
          step: PT6H
          history: 2
          horizon: 6
          model: m2no
      """;

  @TempDir private Path folder;
  private final Properties client = new Properties();

  @Test
  void aJobSentToAClusterOutlivesItsTaskManager() throws Exception {
    try (LocalCluster cluster = LocalCluster.start(folder.resolve("cluster"), 1, 1)) {
      client.put("bootstrap.servers", cluster.brokers());
      Path settings = folder.resolve("etesian.yaml");
      Files.writeString(settings, SETTINGS.formatted(folder, cluster.brokers()));
      try (InputStream weights =
          getClass().getResourceAsStream("/weights/simulated-t2m.safetensors")) {
        new WeightsStore(folder.resolve("weights")).put(SafeTensors.read(weights));
      }

      Run run = Run.of("run", "-c", settings.toString(), "--cluster", cluster.address());
      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(run.out()).contains("runs: Kafka on " + cluster.brokers());
      assertThat(Run.of("run", "-c", settings.toString(), "--cluster", cluster.address()).err())
          .contains("a job 'weather' is RUNNING there already");

      GranuleSeries world = new SimulatedWorld(3, START).atmosphere();
      publish(world, DAYS / 2);
      awaitForecasts(5);
      cluster.kill(LocalCluster.Role.TASK_MANAGER, 0);
      publish(world, DAYS / 2);
      int due = (DAYS * 4 - 1) * HORIZON; // the first window needs two fields
      awaitForecasts(due);
      Thread.sleep(2000); // some checkpoints more: what came twice would be there
      assertThat(ids()).hasSize(due).doesNotHaveDuplicates();
    }
  }

  private void publish(GranuleSeries world, int days) throws Exception {
    for (int day = 0; day < days; day++) {
      Granules.publish(client, world.next(4).bytes());
    }
  }

  private void awaitForecasts(int count) throws InterruptedException {
    while (ids().size() < count) {
      Thread.sleep(200);
    }
  }

  private List<String> ids() {
    List<String> ids = new ArrayList<>();
    TopicReader.each(
        client,
        Topics.FORECASTS,
        record -> ids.add(new String(record.headers().lastHeader("ce_id").value(), UTF_8)));
    return ids;
  }
}
