package etesian.ops.console;

import etesian.ingest.field.Ensemble;
import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Origin;
import etesian.ingest.field.TimeStep;
import etesian.ingest.field.Variable;
import etesian.pipeline.settings.DeviceSettings;
import etesian.pipeline.settings.KafkaSettings;
import etesian.pipeline.settings.PipelineSettings;
import etesian.pipeline.settings.StreamSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A small stream and its records. */
final class Samples {
  static final Grid GRID = new Grid(2, 3, 50, 0, 1, 1);
  static final Variable T2M = new Variable("t2m", "K", "2 metre temperature", "");
  static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  static final Duration STEP = Duration.ofHours(6);
  static final String WEIGHTS = "ab".repeat(32);
  static final SeriesKey KEY = new SeriesKey("t2m", "t2m");
  static final StreamSettings STREAM =
      new StreamSettings(
          "t2m",
          "era5",
          "t2m",
          "K",
          GRID,
          new TimeStep.Fixed(STEP),
          2,
          3,
          1,
          Instant.EPOCH,
          StreamSettings.FROM_THE_FIRST,
          Duration.ZERO,
          "m2no",
          List.of(1, 2, 3));

  private Samples() {}

  static PipelineSettings settings(String brokers, Path folder) {
    return new PipelineSettings(
        "test",
        new KafkaSettings(brokers, Map.of(), Duration.ofMinutes(10)),
        folder,
        folder,
        Duration.ofSeconds(1),
        Duration.ofMinutes(1),
        64,
        new DeviceSettings(8, 8, 1 << 20, 1),
        List.of(STREAM));
  }

  static Forecast named(String stream, Forecast of) {
    return with(stream, of.grid(), of);
  }

  /** The same on a grid of as many cells. */
  static Forecast on(Grid grid, Forecast of) {
    return with(of.stream(), grid, of);
  }

  private static Forecast with(String stream, Grid grid, Forecast of) {
    return new Forecast(
        stream,
        of.variable(),
        grid,
        of.issueTime(),
        of.revision(),
        of.steps(),
        of.model(),
        of.weightsSha256(),
        of.inputs());
  }

  static Store store(int issues, long bytes) {
    return new Store(List.of(STREAM), issues, bytes);
  }

  /** Of leads {@code first} to {@code last}; lead i is {@code base + i} everywhere. */
  static Forecast forecast(Instant issue, int revision, float base, int first, int last) {
    return forecast(issue, revision, step(issue, base, first, last, null));
  }

  static Forecast ensemble(Instant issue, Ensemble ensemble) {
    return forecast(issue, 0, step(issue, 280, 1, 1, ensemble));
  }

  private static Forecast forecast(Instant issue, int revision, List<Forecast.Step> steps) {
    List<Origin> inputs = List.of(new Origin("", "etesian.granules.era5/0@0"));
    return new Forecast("t2m", T2M, GRID, issue, revision, steps, "m2no", WEIGHTS, inputs);
  }

  private static List<Forecast.Step> step(
      Instant issue, float base, int first, int last, Ensemble ensemble) {
    return IntStream.rangeClosed(first, last)
        .mapToObj(
            lead ->
                new Forecast.Step(
                    lead, issue.plus(STEP.multipliedBy(lead)), full(base + lead), ensemble))
        .toList();
  }

  static Field observed(Instant at, float value) {
    return new Field(new Frame(T2M, GRID, at), 1, new Origin("", "file"), full(value));
  }

  static float[] full(float value) {
    float[] values = new float[GRID.cells()];
    Arrays.fill(values, value);
    return values;
  }
}
