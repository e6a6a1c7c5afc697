package etesian.ingest.netcdf;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;

/** Files of sea-level pressure without a unit, as there are: their values tell it. */
final class SeaLevelPressure {
  private static final Set<String> NAMES = Set.of("slp", "mslp", "prmsl", "msl");

  private SeaLevelPressure() {}

  /**
   * The unit as written; of sea-level pressure without one, what {@code value} can only be.
   *
   * @param value one of the variable
   * @param notes says so
   */
  static String units(FileVariable variable, double value, Collection<String> notes) {
    String written = Attributes.text(variable, "units");
    if (!written.isEmpty() || !NAMES.contains(variable.shortName().toLowerCase(Locale.ROOT))) {
      return written;
    }
    String units =
        value > 800 && value < 1200 ? "hPa" : value > 80_000 && value < 120_000 ? "Pa" : "";
    if (!units.isEmpty()) {
      notes.add(String.format("%s: no units; by its values they are %s", variable, units));
    }
    return units;
  }
}
