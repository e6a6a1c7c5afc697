package etesian.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.pipeline.champion.Champion;
import etesian.pipeline.settings.DeviceSettings;
import etesian.pipeline.settings.EnsembleSettings;
import etesian.pipeline.settings.GranuleSettings;
import etesian.pipeline.settings.KafkaSettings;
import etesian.pipeline.settings.PipelineSettings;
import etesian.pipeline.settings.SinkSettings;
import etesian.pipeline.settings.StateBackend;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.sink.KafkaEnds;
import etesian.pipeline.storage.Folder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** By which names savepoints know the stations of the job. */
class JobShapeTest {
  @TempDir private Path folder;

  /** Who changes one of these loses the state of a running job. */
  @Test
  void everyStationHasAnIdOfItsOwnThatStays() {
    Set<String> ids = new TreeSet<>();
    for (StreamNode station : graph().getStreamNodes()) {
      assertThat(station.getTransformationUID()).as(station.getOperatorName()).isNotNull();
      assertThat(ids.add(station.getTransformationUID())).as(station.getOperatorName()).isTrue();
    }
    assertThat(ids)
        .containsExactly(
            "Sink Committer: deadletters-sink",
            "Sink Committer: forecasts-sink",
            "Sink Committer: models-sink",
            "Sink Committer: netcdf-sink",
            "Sink Committer: scores-sink",
            "Sink Committer: zarr-sink",
            "champions",
            "deadletters-sink",
            "era5-decode",
            "era5-granules",
            "forecasts-sink",
            "models-sink",
            "netcdf-sink",
            "scores-sink",
            "t2m-fields",
            "t2m-forecast",
            "t2m-valid-time",
            "t2m-verify",
            "t2m-windows",
            "whole-forecasts",
            "zarr-sink");
  }

  /** Members that only the scores need are dropped before the sinks. */
  @Test
  void anEnsembleHasAStationOfItsOwnWhereItsMembersAreNotShown() {
    EnsembleSettings shown = new EnsembleSettings(3, 0.1, 3, 500, true, 0, List.of(), true, 0);
    EnsembleSettings kept = new EnsembleSettings(3, 0.1, 3, 500, true, 0, List.of(), false, 0);
    assertThat(ids(Samples.stream(1, 4).withEnsemble(shown))).doesNotContain("t2m-products");
    assertThat(ids(Samples.stream(1, 4).withEnsemble(kept))).contains("t2m-products", "t2m-verify");
  }

  /** {@code flink run} starts from the configuration of its cluster, which may say anything. */
  @Test
  void noClusterLoosensWhatIsPromised() {
    Configuration cluster =
        new Configuration()
            .set(
                CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE,
                CheckpointingMode.AT_LEAST_ONCE)
            .set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, 10);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1, cluster);
    define(env, Samples.stream(1, 4));
    assertThat(env.getCheckpointConfig().getCheckpointingConsistencyMode())
        .isEqualTo(CheckpointingMode.EXACTLY_ONCE);
    assertThat(env.getCheckpointConfig().getTolerableCheckpointFailureNumber())
        .as("transactions stay open for as long as checkpoints fail")
        .isZero();
  }

  private Set<String> ids(StreamSettings stream) {
    Set<String> ids = new TreeSet<>();
    graph(stream).getStreamNodes().forEach(station -> ids.add(station.getTransformationUID()));
    return ids;
  }

  private StreamGraph graph() {
    return graph(Samples.stream(1, 4));
  }

  private StreamGraph graph(StreamSettings stream) {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1);
    define(env, stream);
    return env.getStreamGraph(false);
  }

  private void define(StreamExecutionEnvironment env, StreamSettings stream) {
    Champion champion = new Champion("t2m", "m2no", "0".repeat(64), Champion.ALWAYS, null);
    PipelineSettings settings =
        new PipelineSettings(
            "shape",
            new KafkaSettings("nobody:9092", Map.of(), Duration.ofMinutes(10)),
            Folder.of(folder),
            Folder.of(folder),
            Duration.ofSeconds(1),
            Duration.ofMinutes(1),
            512,
            384,
            StateBackend.AUTO,
            new DeviceSettings(1, 1, 1, 1),
            GranuleSettings.DEFAULT,
            new SinkSettings(
                Optional.of(folder.resolve("netcdf").toUri()),
                Optional.of(folder.resolve("zarr").toUri())),
            List.of(stream));
    KafkaEnds ends = new KafkaEnds(settings.kafka(), settings.job(), Map.of());
    ForecastJob.define(env, settings, ends, List.of(champion));
  }
}
