package etesian.ops.run;

import etesian.ops.embedded.StartFailed;
import etesian.pipeline.settings.PipelineSettings;
import etesian.pipeline.settings.SettingsException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * What {@code flink run} starts: {@code flink run -d etesian-job.jar -c etesian.yaml}. The settings
 * are read where the command is given and travel with the job.
 */
public final class ClusterJob {
  private ClusterJob() {}

  /**
   * @param arguments {@code -c FILE}
   * @throws StartFailed when the settings do not suit a cluster
   * @throws SettingsException with everything that is wrong in the settings
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 2 || !List.of("-c", "--config").contains(arguments[0])) {
      throw new StartFailed("usage: flink run [-p N] [-d] etesian-job.jar -c etesian.yaml");
    }
    PipelineSettings settings = PipelineSettings.read(Path.of(arguments[1]));
    demandRemote(settings);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    JobRunner.define(
        env, settings, env.getParallelism(), Integer.MAX_VALUE, Optional.of(settings.state()));
    env.execute(settings.job());
  }

  /**
   * @throws StartFailed when the brokers are to live in this process, which the cluster cannot see
   */
  public static void demandRemote(PipelineSettings settings) {
    if (settings.kafka().embedded()) {
      throw new StartFailed(
          "kafka.brokers is 'embedded', which a job on a cluster cannot reach; name brokers by"
              + " host:port");
    }
  }
}
