package etesian.pipeline.archive;

import etesian.ingest.field.Forecast;
import etesian.pipeline.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** Small forecasts of the stream of {@link Samples}. */
final class Forecasts {
  static final int HORIZON = 3;

  private Forecasts() {}

  static Forecast whole(Instant issueTime, int revision) {
    return leads(issueTime, revision, 1, HORIZON);
  }

  /** Some leads of {@link #whole}; values tell issue, revision and lead apart, one is missing. */
  static Forecast leads(Instant issueTime, int revision, int first, int last) {
    return new Forecast(
        "t2m",
        Samples.T2M,
        Samples.GRID,
        issueTime,
        revision,
        IntStream.rangeClosed(first, last)
            .mapToObj(lead -> step(issueTime, revision, lead))
            .toList(),
        "m2no",
        "ab".repeat(32),
        List.of(Samples.ORIGIN));
  }

  private static Forecast.Step step(Instant issueTime, int revision, int lead) {
    float[] values = new float[Samples.GRID.cells()];
    for (int cell = 0; cell < values.length; cell++) {
      values[cell] = value(issueTime, revision, lead, cell);
    }
    return new Forecast.Step(lead, issueTime.plus(Duration.ofHours(6L * lead)), values);
  }

  static float value(Instant issueTime, int revision, int lead, int cell) {
    long hours = Duration.between(Samples.hour(0), issueTime).toHours();
    return cell == 1 ? Float.NaN : hours + 100_000L * revision + lead / 8f + cell / 64f;
  }
}
