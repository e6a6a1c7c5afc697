package etesian.ingest.field;

import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;

/**
 * The regular step of a series in the Gregorian calendar, UTC: a fixed duration ({@code PT6H},
 * {@code P7D}) or whole months ({@code P1M}).
 */
public sealed interface TimeStep extends Serializable {

  /** The valid time {@code count} steps after {@code start}; before it when negative. */
  Instant plus(Instant start, long count);

  /** Whole steps from {@code start} to {@code time}, rounded down. */
  long indexOf(Instant start, Instant time);

  /** A step of the same length each time. */
  record Fixed(Duration length) implements TimeStep {
    public Fixed {
      Check.that(!length.isNegative() && !length.isZero(), "a step is positive, got %s", length);
    }

    @Override
    public Instant plus(Instant start, long count) {
      return start.plus(length.multipliedBy(count));
    }

    @Override
    public long indexOf(Instant start, Instant time) {
      return Math.floorDiv(Duration.between(start, time).toMillis(), length.toMillis());
    }

    @Override
    public String toString() {
      return length.equals(Duration.ofDays(length.toDays()))
          ? "P" + length.toDays() + "D"
          : length.toString();
    }
  }

  /** A step of whole calendar months. */
  record Months(int months) implements TimeStep {
    public Months {
      Check.that(months > 0, "a step is positive, got %d months", months);
    }

    @Override
    public Instant plus(Instant start, long count) {
      return start.atOffset(ZoneOffset.UTC).plusMonths(months * count).toInstant();
    }

    @Override
    public long indexOf(Instant start, Instant time) {
      OffsetDateTime a = start.atOffset(ZoneOffset.UTC);
      OffsetDateTime b = time.atOffset(ZoneOffset.UTC);
      long guess = Math.floorDiv(ChronoUnit.MONTHS.between(a, b), (long) months);
      // java.time counts a month from the 31st as complete on the 31st only; plus() ends on the
      // 28th.
      if (plus(start, guess).isAfter(time)) {
        return guess - 1;
      }
      return plus(start, guess + 1).isAfter(time) ? guess : guess + 1;
    }

    @Override
    public String toString() {
      return "P" + months + "M";
    }
  }

  /**
   * @param iso ISO 8601: {@code PT1H}, {@code P1D}, {@code P7D}, {@code P1M}, {@code P1Y}
   */
  static TimeStep parse(String iso) {
    try {
      if (iso.startsWith("P") && !iso.contains("T")) {
        Period period = Period.parse(iso);
        if (period.toTotalMonths() > 0 && period.getDays() == 0) {
          return new Months(Math.toIntExact(period.toTotalMonths()));
        }
        Check.that(
            period.toTotalMonths() == 0, "a step is days or months, not both, got '%s'", iso);
        return new Fixed(Duration.ofDays(period.getDays()));
      }
      return new Fixed(Duration.parse(iso));
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "'" + iso + "' is not a step; expected for instance PT1H, PT6H, P7D or P1M", e);
    }
  }
}
