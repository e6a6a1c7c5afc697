package etesian.ops.demo;

import etesian.ingest.field.TimeStep;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the step of a series of valid times; gaps are allowed, a wandering step is not. */
final class SeriesStep {
  /** A series is regular when this share of the distances is one step. */
  private static final double REGULAR_SHARE = 0.9;

  private SeriesStep() {}

  /**
   * @param times ascending, without repeats
   * @return empty when there is no step that nearly all of the series keeps
   */
  static Optional<TimeStep> of(List<Instant> times) {
    if (times.size() < 3) {
      return Optional.empty();
    }
    return months(times).or(() -> fixed(times));
  }

  private static Optional<TimeStep> months(List<Instant> times) {
    int steps = 0;
    for (int i = 1; i < times.size(); i++) {
      OffsetDateTime before = times.get(i - 1).atOffset(ZoneOffset.UTC);
      if (before.plusMonths(1).toInstant().equals(times.get(i))) {
        steps++;
      }
    }
    return steps >= REGULAR_SHARE * (times.size() - 1)
        ? Optional.of(new TimeStep.Months(1))
        : Optional.empty();
  }

  private static Optional<TimeStep> fixed(List<Instant> times) {
    Map<Duration, Integer> counts = new HashMap<>();
    for (int i = 1; i < times.size(); i++) {
      counts.merge(Duration.between(times.get(i - 1), times.get(i)), 1, Integer::sum);
    }
    return counts.entrySet().stream()
        .filter(entry -> entry.getValue() >= REGULAR_SHARE * (times.size() - 1))
        .map(entry -> (TimeStep) new TimeStep.Fixed(entry.getKey()))
        .findFirst();
  }
}
