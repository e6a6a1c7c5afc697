package etesian.ingest.netcdf;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What a coordinate variable measures, by CF attributes first and customary names last. */
enum Role {
  TIME,
  LATITUDE,
  LONGITUDE,
  LEVEL,
  EXPVER,
  MEMBER,
  OTHER;

  /** In each spelling of CF (degrees_north, degree_N, degreesN) and near to it. */
  private static final Pattern DEGREES_NORTH = Pattern.compile("deg(rees?)?[ _]?n(orth)?");

  private static final Pattern DEGREES_EAST = Pattern.compile("deg(rees?)?[ _]?e(ast)?");
  private static final Pattern DEGREES = Pattern.compile("(decimal[ _])?deg(rees?)?|°");

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
  private static final Set<String> PRESSURE_UNITS =
      Set.of("pa", "hpa", "mb", "mbar", "millibar", "millibars", "bar", "dbar", "decibar");
  private static final Set<String> MEMBER_NAMES =
      Set.of("number", "realization", "member", "ensemble");

  static Role of(FileVariable variable) {
    String name = variable.shortName().toLowerCase(Locale.ROOT);
    String units = Attributes.lower(variable, "units");
    String standardName = Attributes.lower(variable, "standard_name");
    if (name.equals("expver")) {
      return EXPVER;
    } else if (TimeUnits.areSince(units) || DateNumbers.are(variable)) {
      return TIME;
    } else if (standardName.equals("latitude") || DEGREES_NORTH.matcher(units).matches()) {
      return LATITUDE;
    } else if (standardName.equals("longitude") || DEGREES_EAST.matcher(units).matches()) {
      return LONGITUDE;
    } else if (isCalled(variable, "lat", "latitude") && isPlainDegrees(units)) {
      return LATITUDE;
    } else if (isCalled(variable, "lon", "longitude") && isPlainDegrees(units)) {
      return LONGITUDE;
    } else if (MEMBER_NAMES.contains(name) || standardName.equals("realization")) {
      return MEMBER;
    } else if (LEVEL_NAMES.contains(name)
        || LEVEL_STANDARD_NAMES.contains(standardName)
        || Attributes.lower(variable, "axis").equals("z")
        || variable.isCoordinate() && PRESSURE_UNITS.contains(units)
        || !Attributes.text(variable, "positive").isEmpty()) {
      return LEVEL;
    }
    return OTHER;
  }

  private static boolean isPlainDegrees(String units) {
    return units.isEmpty() || DEGREES.matcher(units).matches();
  }

  /** By its name or, where no standard name says otherwise, its long one. */
  private static boolean isCalled(FileVariable variable, String shortly, String fully) {
    String name = variable.shortName().toLowerCase(Locale.ROOT);
    return name.equals(shortly)
        || name.equals(fully)
        || Attributes.lower(variable, "long_name").equals(fully)
            && Attributes.text(variable, "standard_name").isEmpty();
  }
}
