package etesian.ops.sample;

import java.time.Instant;

/** Phases of the year and the day. */
final class Seasons {
  private static final double YEAR_SECONDS = 365.2425 * 86400;
  private static final double DAY_SECONDS = 86400;
  private static final double WARMEST_DAY = 203; // of the north, counted from New Year

  private Seasons() {}

  /** Cosine that is 1 when the north is warmest, lagging by the given days. */
  static double northernSummer(Instant at, double lagDays) {
    double seconds = at.getEpochSecond() - (WARMEST_DAY + lagDays) * DAY_SECONDS;
    return StrictMath.cos(2 * StrictMath.PI * (seconds % YEAR_SECONDS) / YEAR_SECONDS);
  }

  /** Cosine that is 1 at 15 hours local solar time. */
  static double afternoon(Instant at, double longitude) {
    double hours = (at.getEpochSecond() % 86400) / 3600.0 + longitude / 15;
    return StrictMath.cos(2 * StrictMath.PI * (hours - 15) / 24);
  }
}
