package etesian.ingest.netcdf;

import etesian.ingest.field.Grid;
import etesian.ingest.netcdf.Refusal.Reason;
import java.io.IOException;
import ucar.nc2.Variable;

/** Latitudes and longitudes of a file as a {@link Grid}, and how its order differs from ours. */
record Axes(Grid grid, boolean southFirst, boolean eastFirst) {
  /** Coordinates are rounded to 1e-5 degrees, about a metre. */
  private static final double COORDINATES_PER_DEGREE = 1e5;

  private static final double STEP_TOLERANCE = 1e-3;

  /** What float32 leaves open at 360 degrees. */
  private static final double FLOAT32_DEGREES = 4e-5;

  /**
   * @throws Refusal when the coordinates are not evenly spaced
   */
  static Axes read(Variable latitude, Variable longitude) throws Refusal, IOException {
    double[] rows = Values.read(latitude).toArray();
    double[] columns = unwrapped(Values.read(longitude).toArray());
    for (double row : rows) {
      if (!(Math.abs(row) <= 90 + FLOAT32_DEGREES)) {
        throw refusal(latitude, "holds %s, expected degrees from -90 to 90", row);
      }
    }
    double rowStep = step(latitude, rows);
    double columnStep = step(longitude, columns);
    // One row alone has no spacing of its own: its cells are taken as square.
    double rowSize = rowStep == 0 ? columnStep == 0 ? 1 : columnStep : rowStep;
    double columnSize = columnStep == 0 ? rowSize : columnStep;
    boolean southFirst = rowStep > 0;
    boolean eastFirst = columnStep < 0;
    Grid grid =
        new Grid(
            rows.length,
            columns.length,
            coordinate(southFirst ? rows[rows.length - 1] : rows[0]),
            coordinate(eastFirst ? columns[columns.length - 1] : columns[0]),
            spacing(rowSize),
            spacing(columnSize));
    return new Axes(grid, southFirst, eastFirst);
  }

  /** Signed distance between neighbours, 0 for a single one. */
  private static double step(Variable axis, double[] values) throws Refusal {
    int n = values.length;
    if (n == 0 || !Double.isFinite(values[0]) || !Double.isFinite(values[n - 1])) {
      throw refusal(axis, "holds missing values, expected degrees");
    }
    if (n == 1) {
      return 0;
    }
    double step = (coordinate(values[n - 1]) - coordinate(values[0])) / (n - 1);
    double tolerance = STEP_TOLERANCE * Math.abs(step) + FLOAT32_DEGREES;
    for (int i = 1; i < n; i++) {
      double found = values[i] - values[i - 1];
      if (!(Math.abs(found - step) <= tolerance) || Math.abs(step) < FLOAT32_DEGREES) {
        throw refusal(
            axis,
            "is not evenly spaced: %s follows %s, expected a step of %.6g degrees",
            values[i],
            values[i - 1],
            step);
      }
    }
    return step;
  }

  /** Longitudes without the jump where the count begins anew: 359, 0 becomes 359, 360. */
  private static double[] unwrapped(double[] longitudes) {
    double turns = 0;
    double[] unwrapped = longitudes.clone();
    for (int i = 1; i < longitudes.length; i++) {
      double jump = longitudes[i] - longitudes[i - 1];
      turns += jump > 180 ? -360 : jump < -180 ? 360 : 0;
      unwrapped[i] = longitudes[i] + turns;
    }
    return unwrapped;
  }

  private static double coordinate(double degrees) {
    return Math.rint(degrees * COORDINATES_PER_DEGREE) / COORDINATES_PER_DEGREE;
  }

  /** Without the noise of the division, so that equal grids compare equal. */
  private static double spacing(double step) {
    return Math.rint(Math.abs(step) * 1e9) / 1e9;
  }

  private static Refusal refusal(Variable axis, String message, Object... arguments) {
    return new Refusal(
        Reason.UNSUPPORTED_GRID,
        String.format(
            "%s %s; regrid to a regular latitude-longitude grid",
            axis.getFullName(), String.format(message, arguments)));
  }
}
