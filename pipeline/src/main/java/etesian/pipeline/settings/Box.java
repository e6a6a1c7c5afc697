package etesian.pipeline.settings;

import etesian.ingest.field.Check;
import java.io.Serializable;

/**
 * A part of the earth between two parallels and two meridians, edges included.
 *
 * @param west degrees east, however counted
 * @param south degrees north
 * @param east degrees east; reached from {@code west} eastwards, over the date line where that lies
 *     between. As many degrees as {@code west}, or 360 more, is all the way around
 * @param north degrees north
 */
public record Box(double west, double south, double east, double north) implements Serializable {
  /** What coordinates of grids may be off by, degrees. */
  private static final double ROUNDING = 1e-6;

  public Box {
    Check.that(
        -90 <= south && south < north && north <= 90,
        "south must be below north, both from -90 to 90, got %s and %s",
        south,
        north);
    Check.that(
        Math.abs(west) <= 360 && Math.abs(east) <= 360,
        "west and east are from -360 to 360, got %s and %s",
        west,
        east);
  }

  /** All the way around between two parallels. */
  public static Box belt(double south, double north) {
    return new Box(0, south, 360, north);
  }

  /** Whether the box holds a point, in degrees north and degrees east. */
  public boolean holds(double latitude, double longitude) {
    return latitude >= south - ROUNDING
        && latitude <= north + ROUNDING
        && eastwards(longitude) <= width() + ROUNDING;
  }

  /** Degrees from west to east, above 0 and at most 360. */
  private double width() {
    double width = modulo(east - west);
    return width == 0 ? 360 : width;
  }

  /** Degrees from west to a longitude, 0 to 360; what is just west of it counts as there. */
  private double eastwards(double longitude) {
    double degrees = modulo(longitude - west);
    return degrees > 360 - ROUNDING ? 0 : degrees;
  }

  private static double modulo(double degrees) {
    double rest = degrees % 360;
    return rest < 0 ? rest + 360 : rest;
  }
}
