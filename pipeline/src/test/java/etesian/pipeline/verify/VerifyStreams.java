package etesian.pipeline.verify;

import etesian.ingest.field.Grid;
import etesian.ingest.field.TimeStep;
import etesian.pipeline.Samples;
import etesian.pipeline.settings.StreamSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/** Streams of which only step, grid and verified leads matter. */
final class VerifyStreams {
  private VerifyStreams() {}

  static StreamSettings stream(String step, String anchor, Integer... leads) {
    return stream(step, anchor, Samples.GRID, leads);
  }

  static StreamSettings stream(String step, String anchor, Grid grid, Integer... leads) {
    return new StreamSettings(
        "t2m",
        "era5",
        "t2m",
        "K",
        grid,
        TimeStep.parse(step),
        1,
        4,
        1,
        Instant.parse(anchor),
        Instant.parse(anchor),
        Duration.ZERO,
        "m2no",
        Arrays.asList(leads));
  }
}
