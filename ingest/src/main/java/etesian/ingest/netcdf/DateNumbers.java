package etesian.ingest.netcdf;

import java.util.Optional;

/**
 * Dates as one number each, 20240301.25 for 06:00 on 1 March 2024. CDO calls them "day as
 * %Y%m%d.%f"; Copernicus has sent monthly means of ERA5 over a dimension {@code date} of integers
 * without units.
 */
final class DateNumbers implements TimeCount {
  private static final String UNITS = "day as %y%m%d.%f";
  private static final double DAY_MILLIS = 86_400_000;

  private DateNumbers() {}

  /** Whether a variable holds dates as numbers, also in a form that {@link #of} does not know. */
  static boolean are(FileVariable variable) {
    return Attributes.lower(variable, "units").contains(" as %y") || isPlainDate(variable);
  }

  /** Empty for months or years as numbers, and for what is no date at all. */
  static Optional<TimeCount> of(FileVariable variable) {
    return Attributes.lower(variable, "units").equals(UNITS) || isPlainDate(variable)
        ? Optional.of(new DateNumbers())
        : Optional.empty();
  }

  /** Only as the coordinate of its own dimension: models write a {@code date(time)} beside time. */
  private static boolean isPlainDate(FileVariable variable) {
    return variable.isCoordinate()
        && variable.shortName().equals("date")
        && variable.isNumeric()
        && !variable.type().isFloating()
        && Attributes.text(variable, "units").isEmpty();
  }

  @Override
  public Optional<Long> millisAt(double number, CfCalendar calendar) {
    if (!(Math.abs(number) < 1e9)) { // the years of CF have four digits
      return Optional.empty();
    }
    long date = (long) Math.floor(Math.abs(number));
    long time = Math.round((Math.abs(number) - date) * DAY_MILLIS);
    int year = (int) (date / 10_000) * (number < 0 ? -1 : 1);
    int month = (int) (date / 100 % 100);
    int day = (int) (date % 100);
    Moment moment = new Moment(year, month, day, time);
    boolean exists = month >= 1 && month <= 12 && day >= 1 && calendar.has(moment);
    return exists ? Optional.of(calendar.millis(moment)) : Optional.empty();
  }
}
