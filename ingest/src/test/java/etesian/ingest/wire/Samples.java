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
import java.util.List;

/**
 * The values behind the stored samples. For a new binary version, {@code main} writes its samples;
 * those of older versions stay as they are.
 */
final class Samples {
  static final Grid GRID = new Grid(2, 3, 60.25, -12.5, 0.25, 0.5);
  static final Variable SST =
      new Variable("sst", "K", "Sea surface temperature", "sea_surface_temperature");

  private Samples() {}

  static Field field() {
    return new Field(
        new Frame(SST, GRID, Instant.parse("1979-09-01T06:00:00Z")),
        1,
        new Origin("0".repeat(64), "etesian.granules.sst/0@17"),
        new float[] {271.5f, Float.NaN, -0.0f, 300, Float.MIN_VALUE, 1e30f});
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

  public static void main(String[] folder) throws IOException {
    write(Path.of(folder[0], "field-v1.bin"), field(), FieldCodec.INSTANCE);
    write(Path.of(folder[0], "forecast-v1.bin"), forecast(), ForecastCodec.INSTANCE);
  }

  private static <T> void write(Path file, T value, Codec<T> codec) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      codec.write(value, new DataOutputStream(out));
    }
  }
}
