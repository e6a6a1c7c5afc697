package etesian.pipeline.archive;

import etesian.ingest.field.Forecast;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Variable;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * All of a whole forecast but its values.
 *
 * @param validTimes of leads 1 to the horizon
 * @param ensemble which products there are; null for one run
 */
record Issue(
    String stream,
    Variable variable,
    Grid grid,
    Instant issueTime,
    int revision,
    List<Instant> validTimes,
    String model,
    String weightsSha256,
    EnsembleKind ensemble) {

  static final Comparator<Issue> ORDER =
      Comparator.comparing(Issue::stream)
          .thenComparing(Issue::issueTime)
          .thenComparing(Issue::revision);

  Issue {
    validTimes = List.copyOf(validTimes);
  }

  static Issue of(Forecast whole) {
    return new Issue(
        whole.stream(),
        whole.variable(),
        whole.grid(),
        whole.issueTime(),
        whole.revision(),
        whole.steps().stream().map(Forecast.Step::validAt).toList(),
        whole.model(),
        whole.weightsSha256(),
        EnsembleKind.of(whole));
  }
}
