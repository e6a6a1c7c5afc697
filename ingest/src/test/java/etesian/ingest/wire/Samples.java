package etesian.ingest.wire;

import etesian.ingest.field.Ensemble;
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

  /** The same as an ensemble of three, one with its members and one without. */
  static Forecast ensemble() {
    Forecast f = superseding();
    Forecast.Step first = f.steps().get(0);
    Forecast.Step second = f.steps().get(1);
    float[] spread = {1, 0.5f, 0.25f, 0, 2, 3};
    List<Ensemble.Quantile> quantiles =
        List.of(
            new Ensemble.Quantile(0.1, new float[] {0.5f, 1, 2, 4, 4, 5}),
            new Ensemble.Quantile(0.9, new float[] {1.5f, 3, 4, 4, 6, 7}));
    List<float[]> members =
        List.of(
            new float[] {1, 2, 3, 4, 5, 6},
            new float[] {2, 1, 3, 4, 7, 9},
            new float[] {0, 3, 3, 4, 3, 3});
    return with(
        f,
        List.of(
            new Forecast.Step(
                first.lead(),
                first.validAt(),
                first.values(),
                new Ensemble(3, spread, quantiles, members)),
            new Forecast.Step(
                second.lead(),
                second.validAt(),
                second.values(),
                new Ensemble(3, second.values(), quantiles, List.of()))));
  }

  /** The same with other steps. */
  static Forecast with(Forecast f, List<Forecast.Step> steps) {
    return new Forecast(
        f.stream(),
        f.variable(),
        f.grid(),
        f.issueTime(),
        f.revision(),
        f.supersedes(),
        steps,
        f.model(),
        f.weightsSha256(),
        f.inputs());
  }

  public static void main(String[] folder) throws IOException {
    write(Path.of(folder[0], "field-v2.bin"), gaussianField(), FieldCodec.INSTANCE);
    write(Path.of(folder[0], "forecast-v2.bin"), gaussianForecast(), ForecastCodec.INSTANCE);
    write(Path.of(folder[0], "forecast-v3.bin"), superseding(), ForecastCodec.INSTANCE);
    write(Path.of(folder[0], "forecast-v4.bin"), ensemble(), ForecastCodec.INSTANCE);
    Files.write(
        Path.of(folder[0], "one-run.nc"),
        ForecastNetcdf.write(superseding(), "1.2.3", Instant.parse("2026-01-02T03:04:05Z")));
  }

  private static <T> void write(Path file, T value, Codec<T> codec) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      codec.write(value, new DataOutputStream(out));
    }
  }
}
