package etesian.ingest.netcdf;

import etesian.ingest.netcdf.Refusal.Reason;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The levels of a variable, each once.
 *
 * @param names plain numbers, {@code 500}; pascals as hectopascals
 * @param units of the names
 */
record Levels(List<String> names, String units) {

  /**
   * @param data for messages
   * @param coordinate one value a level
   * @throws Refusal when levels cannot be told apart
   */
  static Levels read(FileVariable data, FileVariable coordinate) throws IOException, Refusal {
    String units = Attributes.text(coordinate, "units");
    boolean pascals = units.equals("Pa");
    Set<String> names = new LinkedHashSet<>();
    for (double value : Values.read(coordinate).toArray()) {
      String name = Double.isFinite(value) ? plainNumber(pascals ? value / 100 : value) : "";
      if (name.isEmpty() || !names.add(name)) {
        throw new Refusal(
            Reason.UNSUPPORTED_LAYOUT,
            String.format(
                "%s: %s holds %s; expected each level once; correct the file",
                data.fullName(),
                coordinate.fullName(),
                name.isEmpty() ? "missing values or infinite ones" : name + " twice"));
      }
    }
    return new Levels(List.copyOf(names), pascals ? "hPa" : units);
  }

  private static String plainNumber(double value) {
    return new BigDecimal(value, MathContext.DECIMAL32).stripTrailingZeros().toPlainString();
  }
}
