package etesian.ingest.netcdf;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;

/**
 * A date and time in some {@link CfCalendar}: 30 February is one in a calendar of 30-day months.
 *
 * @param month 1 to 12
 * @param day from 1
 * @param millisOfDay since midnight UTC; may lie outside the day while an offset is applied
 */
record Moment(int year, int month, int day, long millisOfDay) {

  /** Whole months later, the same day. */
  Moment plusMonths(long months) {
    long total = year * 12L + month - 1 + months;
    return new Moment(
        Math.toIntExact(Math.floorDiv(total, 12L)),
        (int) Math.floorMod(total, 12L) + 1,
        day,
        millisOfDay);
  }

  /** The same time of another day of the month. */
  Moment onDay(int otherDay) {
    return new Moment(year, month, otherDay, millisOfDay);
  }

  /** The beginning of the same day. */
  Moment atMidnight() {
    return new Moment(year, month, day, 0);
  }

  /** The instant of this date and time in the proleptic Gregorian calendar, if it has the date. */
  Optional<Instant> asGregorian() {
    try {
      return Optional.of(
          LocalDate.of(year, month, day)
              .atStartOfDay()
              .toInstant(ZoneOffset.UTC)
              .plusMillis(millisOfDay));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Months since year 0. */
  long monthIndex() {
    return year * 12L + month - 1;
  }

  /** {@code 1950-01-01 00:00:00}. */
  @Override
  public String toString() {
    long seconds = Math.floorDiv(millisOfDay, 1000L);
    return String.format(
        Locale.ROOT,
        "%04d-%02d-%02d %02d:%02d:%02d",
        year,
        month,
        day,
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60);
  }
}
