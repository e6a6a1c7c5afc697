package etesian.ops.plot;

import etesian.ingest.field.TimeStep;
import etesian.ingest.field.Variable;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** How times, leads, units and weights are written for people. All times are UTC. */
public final class Phrases {
  private static final DateTimeFormatter DAY_AND_HOUR =
      DateTimeFormatter.ofPattern("EEE yyyy-MM-dd HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final long FOUR_DAYS = 96;
  private static final int BRIEF = 8;
  private static final Map<String, String> UNITS =
      Map.of(
          "degree_C", "°C",
          "degC", "°C",
          "celsius", "°C",
          "Celsius", "°C",
          "m s**-1", "m s⁻¹",
          "m s-1", "m s⁻¹",
          "m**2 s**-2", "m² s⁻²",
          "m2 s-2", "m² s⁻²",
          "kg kg**-1", "kg kg⁻¹",
          "kg kg-1", "kg kg⁻¹");

  private Phrases() {}

  static String time(Instant time) {
    return DAY_AND_HOUR.format(time);
  }

  /** For names of files. */
  public static String stamp(Instant time) {
    return STAMP.format(time);
  }

  /** +6 h up to four days, +9 d beyond. */
  static String lead(Instant issueTime, Instant validAt) {
    Duration lead = Duration.between(issueTime, validAt);
    double hours = lead.toMinutes() / 60.0;
    return hours <= FOUR_DAYS
        ? "+" + Svg.number(hours) + " h"
        : "+" + Svg.number(hours / 24) + " d";
  }

  /** A step of a series: 6 h, 7 d, 1 month. */
  static String step(TimeStep step) {
    if (step instanceof TimeStep.Months months) {
      return months.months() == 1 ? "1 month" : months.months() + " months";
    }
    return lead(Instant.EPOCH, step.plus(Instant.EPOCH, 1)).substring(1);
  }

  static String units(String units) {
    return UNITS.getOrDefault(units, units);
  }

  static String name(Variable variable) {
    String name = variable.longName().isEmpty() ? variable.name() : variable.longName();
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  /** The beginning of a SHA-256; "-" for null. */
  public static String brief(String sha256) {
    return sha256 == null ? "-" : sha256.substring(0, Math.min(BRIEF, sha256.length()));
  }
}
