package etesian.pipeline.settings;

import etesian.ingest.field.Check;
import etesian.ingest.field.Grid;
import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Where the forecasts of a stream are verified, and how finely.
 *
 * @param regions boxes by name, scored beside the whole grid and the {@link #BELTS}; their order is
 *     that of the scores
 * @param coarsen rows and columns of the stream in one of the grid that is verified, 1 for all
 */
public record VerificationSettings(Map<String, Box> regions, int coarsen) implements Serializable {
  /** As WeatherBench 2 bounds them (Rasp et al. 2024): rows on a bound belong to both sides. */
  public static final Map<String, Box> BELTS = belts();

  /** Every cell of the stream, and no boxes. */
  public static final VerificationSettings DEFAULT = new VerificationSettings(Map.of(), 1);

  /** How far from a pole the centre of a row that lies on it may be, degrees. */
  private static final double AT_POLE = 1e-4;

  private static final Function<String, String> REGION =
      Parsers.matching(
          "[a-z0-9][a-z0-9_-]*", "lower-case letters, digits, hyphens and underscores only");

  public VerificationSettings {
    regions = Collections.unmodifiableMap(new LinkedHashMap<>(regions));
  }

  private static Map<String, Box> belts() {
    Map<String, Box> belts = new LinkedHashMap<>();
    belts.put("northern-hemisphere", Box.belt(20, 90));
    belts.put("tropics", Box.belt(-20, 20));
    belts.put("southern-hemisphere", Box.belt(-90, -20));
    return Collections.unmodifiableMap(belts);
  }

  /** Belts and boxes. */
  public Map<String, Box> everyRegion() {
    Map<String, Box> all = new LinkedHashMap<>(BELTS);
    all.putAll(regions);
    return all;
  }

  /**
   * The grid that is verified: cells of {@code coarsen} rows and columns. Where the first row lies
   * on the north pole so does that of the coarser grid.
   *
   * @throws IllegalArgumentException when the rows or columns of the stream do not divide
   */
  public Grid gridOf(Grid stream) {
    if (coarsen == 1) {
      return stream;
    }
    Check.that(
        stream.hasEvenRows(),
        "verify_coarsen: %s has uneven rows; leave verify_coarsen out, or give the stream another"
            + " grid by regrid",
        stream);
    boolean onPole = stream.northDegrees() > 90 - AT_POLE;
    int steps = onPole ? stream.rows() - 1 : stream.rows();
    Check.that(
        steps > 0 && steps % coarsen == 0 && stream.columns() % coarsen == 0,
        "verify_coarsen: %d must divide the %d rows%s and the %d columns of the grid",
        coarsen,
        steps,
        onPole ? " south of the pole" : "",
        stream.columns());
    double half = (coarsen - 1) / 2.0;
    return new Grid(
        steps / coarsen + (onPole ? 1 : 0),
        stream.columns() / coarsen,
        stream.northDegrees() - (onPole ? 0 : half * stream.rowStepDegrees()),
        stream.westDegrees() + half * stream.columnStepDegrees(),
        stream.rowStepDegrees() * coarsen,
        stream.columnStepDegrees() * coarsen);
  }

  static VerificationSettings read(SettingsReader in, Grid grid) {
    VerificationSettings settings =
        new VerificationSettings(
            in.has("regions") ? regions(in) : Map.of(), in.positive("verify_coarsen", 1));
    if (grid == null || settings.coarsen() < 1) { // known at start, or a problem of its own
      return settings;
    }
    try {
      settings.gridOf(grid);
      return settings;
    } catch (IllegalArgumentException e) {
      in.check(false, "verify_coarsen", "%s", e.getMessage());
      return new VerificationSettings(settings.regions(), 1);
    }
  }

  private static Map<String, Box> regions(SettingsReader in) {
    Map<String, Box> regions = new LinkedHashMap<>();
    for (SettingsReader section : in.sections("regions")) {
      String name = section.value("name", null, REGION);
      double west = section.number("west");
      double south = section.number("south");
      double east = section.number("east");
      double north = section.number("north");
      try {
        Box box = new Box(west, south, east, north);
        section.check(
            name == null || (!BELTS.containsKey(name) && regions.put(name, box) == null),
            "name",
            "'%s' is taken",
            name);
      } catch (IllegalArgumentException e) {
        section.check(false, "south", "%s", e.getMessage());
      }
    }
    return regions;
  }
}
