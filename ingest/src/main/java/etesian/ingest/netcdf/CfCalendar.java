package etesian.ingest.netcdf;

import java.time.LocalDate;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.Locale;
import java.util.Optional;
import java.util.TimeZone;

/**
 * The calendars of CF (4.4.1). Each counts milliseconds on an axis of its own; only that of the
 * Gregorian ones and the Julian one is the axis of {@link java.time.Instant}.
 */
enum CfCalendar {
  /** Julian before 15 October 1582, Gregorian from then on; also where no calendar is named. */
  STANDARD(null),
  PROLEPTIC_GREGORIAN(null),
  JULIAN(null),
  NOLEAP(new int[] {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}),
  ALL_LEAP(new int[] {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}),
  UNIFORM_30_DAY(new int[] {30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30});

  private static final long DAY = 86_400_000L;

  @SuppressWarnings("ImmutableEnumChecker") // never written to
  private final int[] monthLengths;

  CfCalendar(int[] monthLengths) {
    this.monthLengths = monthLengths;
  }

  /**
   * The calendar with a CF name, in any case, including misspellings such as "365_days" and "360".
   */
  static Optional<CfCalendar> named(String label) {
    return switch (label.toLowerCase(Locale.ROOT)) {
      case "", "standard", "gregorian" -> Optional.of(STANDARD);
      case "proleptic_gregorian", "utc" -> Optional.of(PROLEPTIC_GREGORIAN);
      case "julian" -> Optional.of(JULIAN);
      case "noleap", "no_leap", "365_day", "365_days" -> Optional.of(NOLEAP);
      case "all_leap", "366_day", "366_days" -> Optional.of(ALL_LEAP);
      case "360_day", "360_days", "360" -> Optional.of(UNIFORM_30_DAY);
      default -> Optional.empty();
    };
  }

  /** Whether its dates are those that are in use. */
  boolean isGregorian() {
    return this == STANDARD || this == PROLEPTIC_GREGORIAN;
  }

  /** Whether its days are days of this world. */
  boolean isOfThisWorld() {
    return isGregorian() || this == JULIAN;
  }

  /**
   * Whether there is such a date. The standard calendar and the Julian one know no year 0, -1 goes
   * before 1, as UDUNITS and cftime have it.
   */
  boolean has(Moment moment) {
    if (moment.year() == 0 && (this == STANDARD || this == JULIAN)) {
      return false;
    }
    Moment midnight = moment.atMidnight();
    return moment(millis(midnight)).equals(midnight);
  }

  long millis(Moment moment) {
    if (monthLengths != null) {
      long days = (long) moment.year() * daysInYear() + moment.day() - 1;
      for (int m = 1; m < moment.month(); m++) {
        days += monthLengths[m - 1];
      }
      return days * DAY + moment.millisOfDay();
    }
    GregorianCalendar calendar = calendar();
    boolean skipsYear0 = this != PROLEPTIC_GREGORIAN && moment.year() < 0;
    calendar.set(moment.year() + (skipsYear0 ? 1 : 0), moment.month() - 1, moment.day());
    return calendar.getTimeInMillis() + moment.millisOfDay();
  }

  Moment moment(long millis) {
    long days = Math.floorDiv(millis, DAY);
    int rest = (int) Math.floorMod(millis, DAY);
    if (monthLengths != null) {
      int year = (int) Math.floorDiv(days, (long) daysInYear());
      int day = (int) Math.floorMod(days, (long) daysInYear());
      int month = 1;
      while (day >= monthLengths[month - 1]) {
        day -= monthLengths[month - 1];
        month++;
      }
      return new Moment(year, month, day + 1, rest);
    }
    if (this == PROLEPTIC_GREGORIAN) {
      LocalDate date = LocalDate.ofEpochDay(days);
      return new Moment(date.getYear(), date.getMonthValue(), date.getDayOfMonth(), rest);
    }
    GregorianCalendar calendar = calendar();
    calendar.setTimeInMillis(days * DAY);
    int year = calendar.get(GregorianCalendar.YEAR);
    boolean beforeChrist = calendar.get(GregorianCalendar.ERA) == GregorianCalendar.BC;
    return new Moment(
        beforeChrist ? -year : year,
        calendar.get(GregorianCalendar.MONTH) + 1,
        calendar.get(GregorianCalendar.DAY_OF_MONTH),
        rest);
  }

  private int daysInYear() {
    int days = 0;
    for (int length : monthLengths) {
      days += length;
    }
    return days;
  }

  /** Midnight UTC of no day in particular, in this one of the calendars of the real world. */
  private GregorianCalendar calendar() {
    GregorianCalendar calendar = new GregorianCalendar(TimeZone.getTimeZone("UTC"), Locale.ROOT);
    if (this == PROLEPTIC_GREGORIAN) {
      calendar.setGregorianChange(new Date(Long.MIN_VALUE));
    } else if (this == JULIAN) {
      calendar.setGregorianChange(new Date(Long.MAX_VALUE));
    }
    calendar.clear();
    return calendar;
  }
}
