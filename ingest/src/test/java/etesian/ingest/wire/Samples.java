package etesian.ingest.wire;

import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Origin;
import etesian.ingest.field.Variable;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * The values behind the stored samples. For a new binary version, {@code main} writes its samples;
 * those of older versions stay as they are.
 */
final class Samples {
  static final Grid GRID = new Grid(2, 3, 60.25, -12.5, 0.25, 0.5);
  static final Variable SST =
      new Variable("sst", "K", "Sea surface temperature", "sea_surface_temperature");

  /** A Gaussian grid of eight rows. */
  static final Grid GAUSSIAN =
      Grid.ofRows(
          new double[] {
            73.79921, 52.81294, 31.70409, 10.56988, -10.56988, -31.70409, -52.81294, -73.79921
          },
          2,
          -12.5,
          180);

  private Samples() {}

  static Field field() {
    return new Field(
        new Frame(SST, GRID, Instant.parse("1979-09-01T06:00:00Z")),
        1,
        new Origin("0".repeat(64), "etesian.granules.sst/0@17"),
        new float[] {271.5f, Float.NaN, -0.0f, 300, Float.MIN_VALUE, 1e30f});
  }

  static Field gaussianField() {
    float[] values = new float[GAUSSIAN.cells()];
    Arrays.fill(values, 288.15f);
    values[3] = Float.NaN;
    return new Field(
        new Frame(SST, GAUSSIAN, Instant.parse("1979-09-01T06:00:00Z")),
        0,
        new Origin("1".repeat(64), "etesian.granules.sst/0@18"),
        values);
  }

  static Forecast gaussianForecast() {
    return new Forecast(
        "sst-gaussian",
        SST,
        GAUSSIAN,
        Instant.parse("2019-04-01T00:00:00Z"),
        0,
        List.of(
            new Forecast.Step(1, Instant.parse("2019-05-01T00:00:00Z"), gaussianField().toArray())),
        "m2no",
        "cd".repeat(32),
        List.of(new Origin("1".repeat(64), "etesian.granules.sst/0@18")));
  }

  static Forecast forecast() {
    return new Forecast(
        "sst-monthly",
        SST,
        GRID,
        Instant.parse("2019-04-01T00:00:00Z"),
        2,
        List.of(
            new Forecast.Step(
                3, Instant.parse("2019-07-01T00:00:00Z"), new float[] {1, 2, 3, 4, 5, 6}),
            new Forecast.Step(
                4,
                Instant.parse("2019-08-01T00:00:00Z"),
                new float[] {Float.NaN, 0, -1, 1e-30f, 7, 8})),
        "smnn",
        "ab".repeat(32),
        List.of(
            new Origin("1".repeat(64), "etesian.granules.sst/0@1"),
            new Origin("2".repeat(64), "etesian.granules.sst/0@2")));
  }

  /** The same, in the place of an older revision. */
  static Forecast superseding() {
    Forecast f = forecast();
    return new Forecast(
        f.stream(),
        f.variable(),
        f.grid(),
        f.issueTime(),
        f.revision(),
        0,
        f.steps(),
        f.model(),
        f.weightsSha256(),
        f.inputs());
  }

  public static void main(String[] folder) throws IOException {
    write(Path.of(folder[0], "field-v2.bin"), gaussianField(), FieldCodec.INSTANCE);
    write(Path.of(folder[0], "forecast-v2.bin"), gaussianForecast(), ForecastCodec.INSTANCE);
    write(Path.of(folder[0], "forecast-v3.bin"), superseding(), ForecastCodec.INSTANCE);
  }

  private static <T> void write(Path file, T value, Codec<T> codec) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      codec.write(value, new DataOutputStream(out));
    }
  }
}
