package etesian.pipeline.archive;

import etesian.ingest.field.Ensemble;
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

  /** {@link #whole} as an ensemble of three with its members, which are 1 and 2 apart. */
  static Forecast ensemble(Instant issueTime, int revision) {
    Forecast one = whole(issueTime, revision);
    return new Forecast(
        one.stream(),
        one.variable(),
        one.grid(),
        one.issueTime(),
        one.revision(),
        one.steps().stream()
            .map(
                step -> {
                  List<float[]> members =
                      List.of(step.values(), plus(step.values(), 1), plus(step.values(), 3));
                  List<Ensemble.Quantile> quantiles =
                      List.of(
                          new Ensemble.Quantile(0.25, plus(step.values(), 0.5f)),
                          new Ensemble.Quantile(0.75, plus(step.values(), 2)));
                  return new Forecast.Step(
                      step.lead(),
                      step.validAt(),
                      step.values(),
                      new Ensemble(3, plus(step.values(), 7), quantiles, members));
                })
            .toList(),
        one.model(),
        one.weightsSha256(),
        one.inputs());
  }

  private static float[] plus(float[] values, float more) {
    float[] sum = values.clone();
    for (int cell = 0; cell < sum.length; cell++) {
      sum[cell] += more;
    }
    return sum;
  }

  static float value(Instant issueTime, int revision, int lead, int cell) {
    long hours = Duration.between(Samples.hour(0), issueTime).toHours();
    return cell == 1 ? Float.NaN : hours + 100_000L * revision + lead / 8f + cell / 64f;
  }
}
