package etesian.pipeline.settings;

import etesian.ingest.field.Check;
import etesian.ingest.field.TimeStep;
import java.time.Duration;

/** How long late and better fields count, in steps of the stream. */
final class Retention {
  private static final Duration SHORTEST_MONTH = Duration.ofDays(28);
  private static final Duration LONGEST_MONTH = Duration.ofDays(31);

  private Retention() {}

  /**
   * @param text a number of steps, {@code 40}, or a time in ISO 8601, {@code P90D}, {@code P3M}
   * @param step of the stream
   * @return so many steps that they last at least as long
   */
  static int steps(String text, TimeStep step) {
    if (!text.startsWith("P")) {
      int steps = Integer.parseInt(text);
      Check.that(steps >= 0, "must not be negative, got %d", steps);
      return steps;
    }
    TimeStep span = TimeStep.parse(text);
    if (span instanceof TimeStep.Months m && step instanceof TimeStep.Months s) {
      return ceilDiv(m.months(), s.months());
    }
    long millis = length(span, LONGEST_MONTH).toMillis();
    return ceilDiv(millis, length(step, SHORTEST_MONTH).toMillis());
  }

  private static int ceilDiv(long a, long b) {
    return Math.toIntExact(-Math.floorDiv(-a, b));
  }

  private static Duration length(TimeStep step, Duration month) {
    return step instanceof TimeStep.Fixed fixed
        ? fixed.length()
        : month.multipliedBy(((TimeStep.Months) step).months());
  }
}
