package etesian.ingest.netcdf;

import java.util.Optional;

/** What the numbers of a time variable mean. */
interface TimeCount {
  /**
   * The millisecond, on the axis of {@code calendar}, that {@code count} stands for; empty when it
   * stands for none.
   */
  Optional<Long> millisAt(double count, CfCalendar calendar);
}
