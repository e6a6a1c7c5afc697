package etesian.ops.study;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Origin;
import etesian.ingest.field.TimeStep;
import etesian.ingest.field.Variable;
import etesian.pipeline.settings.StreamSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Series of a small grid for tests of references. */
final class SmallSeries {
  static final Grid GRID = new Grid(2, 3, 50, 0, 10, 10);
  private static final Instant BEGIN = Instant.parse("2001-01-01T00:00:00Z");

  private SmallSeries() {}

  static StreamSettings stream(String step, int history) {
    return new StreamSettings(
        "t2m",
        "era5",
        "t2m",
        "K",
        GRID,
        TimeStep.parse(step),
        history,
        12,
        1,
        Instant.EPOCH,
        StreamSettings.FROM_THE_FIRST,
        Duration.ZERO,
        "smnn",
        List.of(1));
  }

  /** A field for each value of each cell, [time][cell], one a step. */
  static List<Field> fields(StreamSettings stream, float[][] series) {
    Variable variable = new Variable("t2m", "K", "2 metre temperature", "");
    Origin origin = new Origin("0".repeat(64), "etesian.granules.era5/0@0");
    List<Field> fields = new ArrayList<>();
    for (int t = 0; t < series.length; t++) {
      fields.add(
          new Field(new Frame(variable, GRID, stream.timeAfter(BEGIN, t)), 1, origin, series[t]));
    }
    return fields;
  }
}
