package etesian.pipeline;

import etesian.pipeline.champion.Champion;
import etesian.pipeline.settings.DeviceSettings;
import etesian.pipeline.settings.KafkaSettings;
import etesian.pipeline.settings.PipelineSettings;
import etesian.pipeline.settings.StreamSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A whole job in this process, without brokers. */
final class LocalJob {
  private LocalJob() {}

  /**
   * @param folder of the weights; state lies beside them
   * @param checkpointInterval between checkpoints
   */
  static PipelineSettings settings(
      Path folder, Duration checkpointInterval, DeviceSettings device, StreamSettings stream) {
    return new PipelineSettings(
        "test",
        new KafkaSettings(KafkaSettings.EMBEDDED, Map.of(), Duration.ofMinutes(10)),
        folder,
        folder.resolve("state"),
        checkpointInterval,
        Duration.ofMinutes(1),
        512,
        device,
        List.of(stream));
  }

  /** To the end of its sources; one that fails begins once more, from its last checkpoint. */
  static void run(PipelineSettings settings, Ends ends, int parallelism, Champion champion)
      throws Exception {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(
            parallelism,
            new Configuration()
                .set(TaskManagerOptions.NUM_TASK_SLOTS, parallelism * settings.slotsNeeded())
                .set(
                    CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                    settings.state().flinkPath().toString())
                .set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay")
                .set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1)
                .set(
                    RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY,
                    Duration.ofMillis(10)));
    ForecastJob.define(env, settings, ends, List.of(champion));
    env.execute();
  }
}
