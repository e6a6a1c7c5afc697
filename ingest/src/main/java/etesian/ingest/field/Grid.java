package etesian.ingest.field;

import java.io.Serializable;
import java.util.Locale;

/**
 * A regular latitude-longitude grid: row 0 is northernmost, columns run eastwards.
 *
 * @param rows number of latitudes
 * @param columns number of longitudes
 * @param northDegrees latitude of row 0, degrees north
 * @param westDegrees longitude of column 0, degrees east, as the source counts it (0..360 or
 *     -180..180)
 * @param rowStepDegrees distance between rows, positive, degrees
 * @param columnStepDegrees distance between columns, positive, degrees
 */
public record Grid(
    int rows,
    int columns,
    double northDegrees,
    double westDegrees,
    double rowStepDegrees,
    double columnStepDegrees)
    implements Serializable {

  public Grid {
    Check.that(rows > 0 && columns > 0, "a grid needs cells, got %d x %d", rows, columns);
    Check.that(
        rowStepDegrees > 0 && columnStepDegrees > 0,
        "steps are positive, got %s and %s degrees",
        rowStepDegrees,
        columnStepDegrees);
  }

  public int cells() {
    return rows * columns;
  }

  /** Latitude of a row in degrees north. */
  public double latitude(int row) {
    return northDegrees - row * rowStepDegrees;
  }

  /** Longitude of a column in degrees east. */
  public double longitude(int column) {
    return westDegrees + column * columnStepDegrees;
  }

  /** Whether the last column is a neighbour of the first. */
  public boolean wrapsAround() {
    return Math.abs(columns * columnStepDegrees - 360) < columnStepDegrees / 2;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%dx%d from %.4gN %.5gE by %.4g/%.4g degrees",
        rows,
        columns,
        northDegrees,
        westDegrees,
        rowStepDegrees,
        columnStepDegrees);
  }
}
