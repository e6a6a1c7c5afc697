package etesian.pipeline;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Origin;
import etesian.ingest.field.TimeStep;
import etesian.ingest.field.Variable;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.StreamVariable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Small fields and streams for tests. */
public final class Samples {
  public static final Grid GRID = new Grid(2, 3, 50, 0, 10, 10);
  public static final Variable T2M = new Variable("t2m", "K", "2 metre temperature", "");
  public static final Variable U10 = new Variable("u10", "m s**-1", "10 metre U wind", "");
  public static final Origin ORIGIN = new Origin("0".repeat(64), "etesian.granules.era5/0@0");

  private Samples() {}

  /** 6-hourly t2m on {@link #GRID}, issued every step. */
  public static StreamSettings stream(int history, int horizon) {
    return new StreamSettings(
        "t2m",
        "era5",
        "t2m",
        "K",
        GRID,
        TimeStep.parse("PT6H"),
        history,
        horizon,
        1,
        Instant.EPOCH,
        StreamSettings.FROM_THE_FIRST,
        Duration.ZERO,
        "m2no",
        List.of(1));
  }

  /** As {@link #stream}, of t2m and u10. */
  public static StreamSettings streamOfTwo(int history, int horizon) {
    return stream(history, horizon)
        .withVariables(List.of(new StreamVariable("t2m", "K"), new StreamVariable("u10", "m s-1")));
  }

  /** Hours of 1 January 2020. */
  public static Instant hour(int hour) {
    return Instant.parse("2020-01-01T00:00:00Z").plus(Duration.ofHours(hour));
  }

  public static Field t2m(Instant validAt, float value) {
    return t2m(validAt, value, 1);
  }

  public static Field t2m(Instant validAt, float value, int revision) {
    return field(T2M, validAt, value, revision);
  }

  public static Field u10(Instant validAt, float value) {
    return field(U10, validAt, value, 1);
  }

  public static Field u10(Instant validAt, float value, int revision) {
    return field(U10, validAt, value, revision);
  }

  /** A t2m field each 6 hours: waves that move, and noise. */
  public static List<Field> waves(Grid grid, int count) {
    Random random = new Random(1);
    List<Field> fields = new ArrayList<>();
    for (int step = 0; step < count; step++) {
      float[] values = new float[grid.cells()];
      for (int cell = 0; cell < values.length; cell++) {
        double angle = 2 * Math.PI * (cell % grid.columns() - 0.7 * step) / grid.columns();
        values[cell] = (float) (280 + 8 * Math.sin(3 * angle) + random.nextGaussian());
      }
      fields.add(new Field(new Frame(T2M, grid, hour(6 * step)), 1, ORIGIN, values));
    }
    return fields;
  }

  private static Field field(Variable variable, Instant validAt, float value, int revision) {
    float[] values = new float[GRID.cells()];
    Arrays.fill(values, value);
    return new Field(new Frame(variable, GRID, validAt), revision, ORIGIN, values);
  }
}
