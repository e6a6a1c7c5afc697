package etesian.pipeline;

import etesian.pipeline.settings.PipelineSettings;
import etesian.pipeline.settings.StateBackend;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;

/** Flink's configuration of {@link StateBackend}. */
final class StateStore {
  /** Of block cache and write buffers of a slot: a field of a degree is some 260 kB. */
  private static final String ROCKSDB_MEMORY = "64mb";

  private StateStore() {}

  static Configuration of(PipelineSettings settings) {
    Configuration configuration = new Configuration();
    if (settings.stateBackend().of(settings.streams()) == StateBackend.HEAP) {
      return configuration.set(StateBackendOptions.STATE_BACKEND, "hashmap");
    }
    configuration.setString("state.backend.rocksdb.memory.fixed-per-slot", ROCKSDB_MEMORY);
    return configuration
        .set(StateBackendOptions.STATE_BACKEND, "rocksdb")
        .set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
  }
}
