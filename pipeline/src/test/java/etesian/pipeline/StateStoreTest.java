package etesian.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Grid;
import etesian.ingest.field.TimeStep;
import etesian.pipeline.settings.DeviceSettings;
import etesian.pipeline.settings.KafkaSettings;
import etesian.pipeline.settings.PipelineSettings;
import etesian.pipeline.settings.StreamSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.StateBackendLoader;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;

class StateStoreTest {
  @Test
  void smallStateLiesOnTheHeap() throws Exception {
    assertThat(backend(Samples.stream(2, 4))).isInstanceOf(HashMapStateBackend.class);
  }

  @Test
  void largeStateLiesInRocksDbAndItsCheckpointsAreIncremental() throws Exception {
    StreamSettings large =
        new StreamSettings(
            "t2m",
            "era5",
            "t2m",
            "K",
            new Grid(721, 1440, 90, 0, 0.25, 0.25),
            TimeStep.parse("PT6H"),
            2,
            4,
            1,
            Instant.EPOCH,
            StreamSettings.FROM_THE_FIRST,
            Duration.ZERO,
            "m2no",
            List.of(4));
    EmbeddedRocksDBStateBackend rocks = (EmbeddedRocksDBStateBackend) backend(large);
    assertThat(rocks.getMemoryConfiguration().isUsingFixedMemoryPerSlot()).isTrue();
    assertThat(configuration(large).get(CheckpointingOptions.INCREMENTAL_CHECKPOINTS)).isTrue();
  }

  private static StateBackend backend(StreamSettings stream) throws Exception {
    return StateBackendLoader.loadStateBackendFromConfig(
        configuration(stream), StateStoreTest.class.getClassLoader(), null);
  }

  private static Configuration configuration(StreamSettings stream) {
    return StateStore.of(
        new PipelineSettings(
            "test",
            new KafkaSettings("localhost:1", Map.of(), Duration.ofMinutes(10)),
            Path.of("weights"),
            Path.of("state"),
            Duration.ofSeconds(1),
            Duration.ofMinutes(1),
            512,
            new DeviceSettings(1, 1, 1 << 20, 1),
            List.of(stream)));
  }
}
