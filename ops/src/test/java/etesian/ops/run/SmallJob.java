package etesian.ops.run;

import etesian.ingest.field.TimeStep;
import etesian.ops.sample.SimulatedAtmosphere;
import etesian.pipeline.settings.DeviceSettings;
import etesian.pipeline.settings.KafkaSettings;
import etesian.pipeline.settings.PipelineSettings;
import etesian.pipeline.settings.StreamSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A job of one stream of the simulated atmosphere, which is soon ready and soon done. */
public final class SmallJob {
  private SmallJob() {}

  /**
   * Air temperature two steps ahead, from two steps, by M2NO.
   *
   * @param anchor an issue time
   */
  public static StreamSettings air(Instant anchor) {
    return new StreamSettings(
        "air",
        "era5",
        "t2m",
        "K",
        SimulatedAtmosphere.GRID,
        new TimeStep.Fixed(SimulatedAtmosphere.STEP),
        2,
        2,
        1,
        anchor,
        StreamSettings.FROM_THE_FIRST,
        Duration.ZERO,
        "m2no",
        List.of(1));
  }

  /** With the weights and the state below a folder, and many checkpoints. */
  public static PipelineSettings settings(
      String job, String brokers, Path folder, StreamSettings stream) {
    return new PipelineSettings(
        job,
        new KafkaSettings(brokers, Map.of(), Duration.ofMinutes(10)),
        folder.resolve("weights"),
        folder.resolve("state"),
        Duration.ofMillis(300),
        Duration.ofMinutes(5),
        512,
        new DeviceSettings(4, 4, 1 << 20, 1),
        List.of(stream));
  }
}
