package etesian.pipeline.window;

import etesian.ingest.field.Field;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;

/**
 * Event time follows the newest valid time of any variable, field by field and not by a clock:
 * whether a field is late, and which revision a window gets, is then decided by the order of the
 * fields alone, and a restart decides it again in the same way.
 *
 * <p>Idleness has no part in it. Each stream has its own, behind the source and its partitions, so
 * a topic or partition that falls silent holds nothing back but itself.
 */
public final class ValidTimes implements WatermarkGenerator<Field> {
  private final Duration lateness;
  private long newest = Long.MIN_VALUE;

  /**
   * @param lateness how long a field may come after a newer one and still be in time
   */
  public ValidTimes(Duration lateness) {
    this.lateness = lateness;
  }

  /** Event time once a valid time was the newest, in milliseconds. */
  static long watermark(long newest, Duration lateness) {
    return newest - lateness.toMillis() - 1;
  }

  @Override
  public void onEvent(Field field, long validAt, WatermarkOutput output) {
    if (validAt > newest) {
      newest = validAt;
      output.emitWatermark(new Watermark(watermark(newest, lateness)));
    }
  }

  @Override
  public void onPeriodicEmit(WatermarkOutput output) {
    // every field has said what there is to say
  }
}
