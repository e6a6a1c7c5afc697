package etesian.ingest.netcdf;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * CF time units, "hours since 1900-01-01 00:00:00.0".
 *
 * <p>Whether there is such an origin depends on the calendar: {@link CfCalendar#has}.
 *
 * @param millis of one unit; 0 for units of months
 * @param months of one unit; 0 for units of fixed length
 * @param origin where the count begins, its offset from UTC already in {@code millisOfDay}
 */
record TimeUnits(double millis, int months, Moment origin) implements TimeCount {
  private static final Pattern SINCE =
      Pattern.compile("\\s*([A-Za-z_]+)\\s+since\\s+(.+?)\\s*", Pattern.CASE_INSENSITIVE);
  private static final Pattern ORIGIN =
      Pattern.compile(
          "([+-]?\\d{1,5})-(\\d{1,2})(?:-(\\d{1,2}))?"
              + "(?:[T\\s]\\s*(\\d{1,2})(?::(\\d{1,2})(?::(\\d{1,2})(?:[.,](\\d*))?)?)?)?"
              + "\\s*(?:Z|UTC|GMT|([+-])(\\d{1,2}):?(\\d{2})?)?",
          Pattern.CASE_INSENSITIVE);

  /** No honest units are longer; the patterns take the square of the length. */
  private static final int LONGEST = 100;

  /** Whether these units are of time since an origin. */
  static boolean areSince(String units) {
    return units.length() <= LONGEST && SINCE.matcher(units).matches();
  }

  /** Empty when the units are not understood. */
  static Optional<TimeUnits> parse(String units) {
    Matcher since = SINCE.matcher(units);
    if (units.length() > LONGEST || !since.matches()) {
      return Optional.empty();
    }
    Matcher origin = ORIGIN.matcher(since.group(2));
    if (!origin.matches()) {
      return Optional.empty();
    }
    int month = Integer.parseInt(origin.group(2));
    int day = number(origin.group(3), 1);
    int hour = number(origin.group(4), 0);
    int minute = number(origin.group(5), 0);
    int second = number(origin.group(6), 0);
    long millisOfDay =
        hour * 3_600_000L + minute * 60_000L + second * 1000L + fraction(origin.group(7));
    boolean inDay = hour < 24 && minute < 60 && second < 60;
    if (!inDay || month < 1 || month > 12 || day < 1 || day > 31) {
      return Optional.empty();
    }
    if (origin.group(8) != null) {
      long offset = number(origin.group(9), 0) * 3_600_000L + number(origin.group(10), 0) * 60_000L;
      millisOfDay -= origin.group(8).equals("-") ? -offset : offset;
    }
    Moment from = new Moment(Integer.parseInt(origin.group(1)), month, day, millisOfDay);
    return switch (since.group(1).toLowerCase(Locale.ROOT)) {
      case "ns", "nsec", "nsecs", "nanosecond", "nanoseconds" -> fixed(1e-6, from);
      case "us", "microsec", "microsecs", "microsecond", "microseconds" -> fixed(1e-3, from);
      case "ms", "msec", "msecs", "millisecond", "milliseconds" -> fixed(1, from);
      case "s", "sec", "secs", "second", "seconds" -> fixed(1000, from);
      case "min", "mins", "minute", "minutes" -> fixed(60_000, from);
      case "h", "hr", "hrs", "hour", "hours" -> fixed(3_600_000, from);
      case "d", "day", "days" -> fixed(86_400_000, from);
      case "week", "weeks" -> fixed(7 * 86_400_000L, from);
      case "month", "months" -> Optional.of(new TimeUnits(0, 1, from));
      case "year", "years" -> Optional.of(new TimeUnits(0, 12, from));
      default -> Optional.empty();
    };
  }

  /**
   * The millisecond, on the axis of {@code calendar}, that {@code count} stands for; empty when it
   * is missing, absurd, or a fraction of a month, which has no fixed length. Only half a month from
   * the first of one has a customary meaning, its 16th: climatologies count the middles of months
   * so.
   */
  @Override
  public Optional<Long> millisAt(double count, CfCalendar calendar) {
    if (months > 0) {
      double whole = Math.floor(count * months);
      boolean half = count * months - whole == 0.5 && origin.day() == 1;
      if (!half && count * months != whole || Math.abs(whole) > 1e6 || origin.day() > 28) {
        return Optional.empty();
      }
      Moment moment = origin.plusMonths((long) whole);
      return Optional.of(calendar.millis(half ? moment.onDay(16) : moment));
    }
    double span = count * millis;
    if (!(Math.abs(span) < 1e15)) { // some 30 000 years
      return Optional.empty();
    }
    return Optional.of(calendar.millis(origin) + Math.round(span));
  }

  private static Optional<TimeUnits> fixed(double millis, Moment origin) {
    return Optional.of(new TimeUnits(millis, 0, origin));
  }

  private static int number(String digits, int otherwise) {
    return digits == null ? otherwise : Integer.parseInt(digits);
  }

  private static long fraction(String digits) {
    return digits == null || digits.isEmpty()
        ? 0
        : Math.round(Double.parseDouble("0." + digits) * 1000);
  }
}
