package etesian.ingest.netcdf;

import etesian.ingest.field.Grid;
import etesian.ingest.netcdf.Refusal.Reason;
import java.io.IOException;
import java.util.Optional;

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
  static Axes read(FileVariable latitude, FileVariable longitude) throws Refusal, IOException {
    double[] rows = degrees(latitude);
    double[] columns = unwrapped(degrees(longitude));
    for (double row : rows) {
      if (!(Math.abs(row) <= 90 + FLOAT32_DEGREES)) {
        throw refusal(latitude, "holds %s, expected degrees from -90 to 90", row);
      }
    }
    double columnStep = step(longitude, columns).orElseThrow(() -> uneven(longitude, columns));
    boolean southFirst = rows.length > 1 && rows[rows.length - 1] > rows[0];
    boolean eastFirst = columnStep < 0;
    double west = coordinate(eastFirst ? columns[columns.length - 1] : columns[0]);
    Optional<Double> even = step(latitude, rows);
    if (even.isEmpty()) {
      double[] northFirst = northFirst(latitude, rows, southFirst);
      double columnSize = columnStep == 0 ? 1 : spacing(columnStep);
      return new Axes(
          Grid.ofRows(northFirst, columns.length, west, columnSize), southFirst, eastFirst);
    }
    double rowStep = even.get();
    // One row alone has no spacing of its own: its cells are taken as square.
    double rowSize = rowStep == 0 ? columnStep == 0 ? 1 : columnStep : rowStep;
    double columnSize = columnStep == 0 ? rowSize : columnStep;
    Grid grid =
        new Grid(
            rows.length,
            columns.length,
            coordinate(southFirst ? rows[rows.length - 1] : rows[0]),
            west,
            spacing(rowSize),
            spacing(columnSize));
    return new Axes(grid, southFirst, eastFirst);
  }

  /** Rows of a Gaussian or stretched grid, which have to run one way. */
  private static double[] northFirst(FileVariable latitude, double[] rows, boolean southFirst)
      throws Refusal {
    double[] northFirst = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      northFirst[i] = coordinate(rows[southFirst ? rows.length - 1 - i : i]);
      if (i > 0 && !(northFirst[i] < northFirst[i - 1])) {
        throw refusal(
            latitude,
            "runs both ways: %s lies between %s and %s",
            rows[i],
            rows[0],
            rows[rows.length - 1]);
      }
    }
    return northFirst;
  }

  /** Signed distance between neighbours, 0 for a single one, empty when it changes. */
  private static Optional<Double> step(FileVariable axis, double[] values) throws Refusal {
    int n = values.length;
    if (n == 0) {
      throw refusal(axis, "has no values, expected degrees");
    }
    if (!Double.isFinite(values[0]) || !Double.isFinite(values[n - 1])) {
      throw refusal(axis, "holds missing values, expected degrees");
    }
    if (n == 1) {
      return Optional.of(0.0);
    }
    double step = (coordinate(values[n - 1]) - coordinate(values[0])) / (n - 1);
    double tolerance = STEP_TOLERANCE * Math.abs(step) + FLOAT32_DEGREES;
    for (int i = 1; i < n; i++) {
      double found = values[i] - values[i - 1];
      if (!(Math.abs(found - step) <= tolerance) || Math.abs(step) < FLOAT32_DEGREES) {
        return Optional.empty();
      }
    }
    return Optional.of(step);
  }

  private static Refusal uneven(FileVariable axis, double[] values) {
    int most = 1;
    double step = (values[values.length - 1] - values[0]) / (values.length - 1);
    for (int i = 1; i < values.length; i++) {
      if (Math.abs(values[i] - values[i - 1] - step)
          > Math.abs(values[most] - values[most - 1] - step)) {
        most = i;
      }
    }
    return refusal(
        axis,
        "is not evenly spaced: %s follows %s, expected a step of %.6g degrees",
        values[most],
        values[most - 1],
        step);
  }

  /** Values of float32 as the decimals that they were written from: -179.975, not -179.97501. */
  private static double[] degrees(FileVariable axis) throws IOException {
    double[] values = Values.read(axis).toArray();
    if (axis.type() == StoredType.FLOAT32) {
      for (int i = 0; i < values.length; i++) {
        values[i] = Double.parseDouble(Float.toString((float) values[i]));
      }
    }
    return values;
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

  private static Refusal refusal(FileVariable axis, String message, Object... arguments) {
    return new Refusal(
        Reason.UNSUPPORTED_GRID,
        String.format(
            "%s %s; regrid to a latitude-longitude grid",
            axis.fullName(), String.format(message, arguments)));
  }
}
