package etesian.ingest.netcdf;

import java.util.Locale;
import java.util.Set;

/** What a coordinate variable measures, by CF attributes first and customary names last. */
enum Role {
  TIME,
  LATITUDE,
  LONGITUDE,
  LEVEL,
  EXPVER,
  MEMBER,
  OTHER;

  private static final Set<String> LEVEL_NAMES =
      Set.of(
          "level",
          "lev",
          "plev",
          "pressure_level",
          "pressure",
          "isobaricinhpa",
          "depth",
          "height",
          "altitude",
          "zlev");
  private static final Set<String> LEVEL_STANDARD_NAMES =
      Set.of("air_pressure", "depth", "height", "altitude");
  private static final Set<String> MEMBER_NAMES =
      Set.of("number", "realization", "member", "ensemble");

  static Role of(FileVariable variable) {
    String name = variable.shortName().toLowerCase(Locale.ROOT);
    String units = Attributes.lower(variable, "units");
    String standardName = Attributes.lower(variable, "standard_name");
    if (name.equals("expver")) {
      return EXPVER;
    } else if (TimeUnits.areSince(units)) {
      return TIME;
    } else if (standardName.equals("latitude") || isDegrees(units, "north", "n")) {
      return LATITUDE;
    } else if (standardName.equals("longitude") || isDegrees(units, "east", "e")) {
      return LONGITUDE;
    } else if ((name.equals("lat") || name.equals("latitude")) && isPlainDegrees(units)) {
      return LATITUDE;
    } else if ((name.equals("lon") || name.equals("longitude")) && isPlainDegrees(units)) {
      return LONGITUDE;
    } else if (MEMBER_NAMES.contains(name) || standardName.equals("realization")) {
      return MEMBER;
    } else if (LEVEL_NAMES.contains(name)
        || LEVEL_STANDARD_NAMES.contains(standardName)
        || Attributes.lower(variable, "axis").equals("z")
        || !Attributes.text(variable, "positive").isEmpty()) {
      return LEVEL;
    }
    return OTHER;
  }

  /** Degrees north in each spelling of CF: degrees_north, degree_N, degreesN, ... */
  private static boolean isDegrees(String units, String direction, String letter) {
    return units.matches("degrees?_?(" + direction + "|" + letter + ")");
  }

  private static boolean isPlainDegrees(String units) {
    return units.isEmpty() || units.matches("deg|degrees?");
  }
}
