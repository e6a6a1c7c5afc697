package etesian.ingest.field;

import java.io.Serial;
import java.io.Serializable;
import java.util.Locale;
import java.util.Objects;

/**
 * A latitude-longitude grid: row 0 is northernmost, columns run eastwards and are evenly spaced.
 * Rows are evenly spaced (the constructor), or lie where a source says, as those of a Gaussian grid
 * do ({@link #ofRows}). Compared by content.
 *
 * <p>A cell reaches half-way to its neighbours. The outermost rows reach half a row step beyond, at
 * most to the pole; uneven rows reach to the pole when they lie within a row distance of it.
 */
public final class Grid implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  /**
   * Edges this close to a pole are at it, degrees: what coordinates rounded to 1e-5 degrees, and
   * steps such as a third of a degree, leave open.
   */
  private static final double AT_POLE = 5e-5;

  private final int rows;
  private final int columns;
  private final double northDegrees;
  private final double westDegrees;
  private final double rowStepDegrees;
  private final double columnStepDegrees;

  /** Null when rows are even. */
  private final transient Latitudes latitudes;

  /**
   * A grid with evenly spaced rows.
   *
   * @param rows number of latitudes
   * @param columns number of longitudes
   * @param northDegrees latitude of row 0, degrees north
   * @param westDegrees longitude of column 0, degrees east, as the source counts it (0..360 or
   *     -180..180)
   * @param rowStepDegrees distance between rows, positive, degrees
   * @param columnStepDegrees distance between columns, positive, degrees
   */
  public Grid(
      int rows,
      int columns,
      double northDegrees,
      double westDegrees,
      double rowStepDegrees,
      double columnStepDegrees) {
    this(rows, columns, northDegrees, westDegrees, rowStepDegrees, columnStepDegrees, null);
  }

  private Grid(
      int rows,
      int columns,
      double northDegrees,
      double westDegrees,
      double rowStepDegrees,
      double columnStepDegrees,
      Latitudes latitudes) {
    Check.that(rows > 0 && columns > 0, "a grid needs cells, got %d x %d", rows, columns);
    Check.that(
        rowStepDegrees > 0 && columnStepDegrees > 0,
        "steps are positive, got %s and %s degrees",
        rowStepDegrees,
        columnStepDegrees);
    this.rows = rows;
    this.columns = columns;
    this.northDegrees = northDegrees;
    this.westDegrees = westDegrees;
    this.rowStepDegrees = rowStepDegrees;
    this.columnStepDegrees = columnStepDegrees;
    this.latitudes = latitudes;
  }

  /**
   * A grid whose rows lie at the given latitudes. Where these are evenly spaced it equals the grid
   * that the constructor makes.
   *
   * @param latitudesNorthFirst degrees north, descending, at least two
   * @param westDegrees longitude of column 0, degrees east
   * @param columnStepDegrees distance between columns, positive, degrees
   * @throws IllegalArgumentException unless latitudes descend within -90..90
   */
  public static Grid ofRows(
      double[] latitudesNorthFirst, int columns, double westDegrees, double columnStepDegrees) {
    Latitudes latitudes = Latitudes.of(latitudesNorthFirst);
    boolean even = latitudes.areEven();
    // Without the noise of the division, so that equal grids compare equal.
    double step = even ? Math.rint(latitudes.meanStep() * 1e9) / 1e9 : latitudes.meanStep();
    return new Grid(
        latitudes.count(),
        columns,
        latitudes.get(0),
        westDegrees,
        step,
        columnStepDegrees,
        even ? null : latitudes);
  }

  public int rows() {
    return rows;
  }

  public int columns() {
    return columns;
  }

  /** Latitude of row 0, degrees north. */
  public double northDegrees() {
    return northDegrees;
  }

  /** Longitude of column 0, degrees east, as the source counts it. */
  public double westDegrees() {
    return westDegrees;
  }

  /** Distance between rows in degrees; its mean where rows are uneven. */
  public double rowStepDegrees() {
    return rowStepDegrees;
  }

  /** Distance between columns in degrees. */
  public double columnStepDegrees() {
    return columnStepDegrees;
  }

  public int cells() {
    return rows * columns;
  }

  /** Whether {@code northDegrees - row * rowStepDegrees} is the latitude of each row. */
  public boolean hasEvenRows() {
    return latitudes == null;
  }

  /** Latitude of a row in degrees north. */
  public double latitude(int row) {
    return latitudes == null ? northDegrees - row * rowStepDegrees : latitudes.get(row);
  }

  /** Latitudes of all rows in degrees north, north first. */
  public double[] latitudes() {
    if (latitudes != null) {
      return latitudes.toArray();
    }
    double[] all = new double[rows];
    for (int row = 0; row < rows; row++) {
      all[row] = latitude(row);
    }
    return all;
  }

  /** Longitude of a column in degrees east. */
  public double longitude(int column) {
    return westDegrees + column * columnStepDegrees;
  }

  /** Latitude in degrees where a row ends in the north: half-way to its neighbour, or the pole. */
  public double northEdge(int row) {
    return edge(Objects.checkIndex(row, rows));
  }

  /** Latitude in degrees where a row ends in the south; the next row begins there. */
  public double southEdge(int row) {
    return edge(Objects.checkIndex(row, rows) + 1);
  }

  private double edge(int row) {
    double edge =
        latitudes == null ? northDegrees - (row - 0.5) * rowStepDegrees : latitudes.edge(row);
    return edge >= 90 - AT_POLE ? 90 : edge <= AT_POLE - 90 ? -90 : edge;
  }

  /**
   * Area of a row of cells on the unit sphere, per radian of longitude.
   *
   * <pre>  sin(northEdge) - sin(southEdge) </pre>
   */
  public double area(int row) {
    return Spheres.band(northEdge(row), southEdge(row));
  }

  /**
   * Weight of a cell of a row in means over the grid.
   *
   * <ul>
   *   <li>even rows: the cosine of the latitude (WeatherBench, Rasp et al. 2020), 0 on a pole;
   *       proportional to {@link #area} but for rows that a pole cuts
   *   <li>uneven rows: {@link #area} over the mean row step in radians, which is the mean cosine
   *       over the row times its height relative to the others
   * </ul>
   */
  public double weight(int row) {
    return latitudes == null
        ? Math.max(0, Math.cos(Math.toRadians(latitude(row))))
        : area(row) / Math.toRadians(rowStepDegrees);
  }

  /** Whether the last column is a neighbour of the first. */
  public boolean wrapsAround() {
    return Math.abs(columns * columnStepDegrees - 360) < columnStepDegrees / 2;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Grid g
        && rows == g.rows
        && columns == g.columns
        && Double.compare(northDegrees, g.northDegrees) == 0
        && Double.compare(westDegrees, g.westDegrees) == 0
        && Double.compare(rowStepDegrees, g.rowStepDegrees) == 0
        && Double.compare(columnStepDegrees, g.columnStepDegrees) == 0
        && Objects.equals(latitudes, g.latitudes);
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        rows, columns, northDegrees, westDegrees, rowStepDegrees, columnStepDegrees, latitudes);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%dx%d from %.4gN %.5gE by %s%.4g/%.4g degrees",
        rows,
        columns,
        northDegrees,
        westDegrees,
        hasEvenRows() ? "" : "uneven ",
        rowStepDegrees,
        columnStepDegrees);
  }

  @Serial
  private Object writeReplace() {
    return new Written(
        rows,
        columns,
        northDegrees,
        westDegrees,
        rowStepDegrees,
        columnStepDegrees,
        latitudes == null ? null : latitudes.toArray());
  }

  /**
   * What travels in Java serialisation, so that what arrives is checked and its rows are shared.
   */
  private record Written(
      int rows,
      int columns,
      double north,
      double west,
      double rowStep,
      double columnStep,
      double[] latitudes)
      implements Serializable {
    @Serial
    private Object readResolve() {
      return latitudes == null
          ? new Grid(rows, columns, north, west, rowStep, columnStep)
          : ofRows(latitudes, columns, west, columnStep);
    }
  }
}
