package etesian.ops.plot;

import etesian.ingest.field.Grid;

/** What a map shows, in degrees; a grid that goes all round is shown from 180 W. */
record Frame(double north, double south, double west, double east) {
  private static final double HALF_TURN = 180;

  static Frame of(Grid grid) {
    double north = grid.northEdge(0);
    double south = grid.southEdge(grid.rows() - 1);
    double west = grid.westDegrees() - grid.columnStepDegrees() / 2;
    return grid.wrapsAround()
        ? new Frame(north, south, -HALF_TURN, HALF_TURN)
        : new Frame(north, south, west, west + grid.columns() * grid.columnStepDegrees());
  }

  double span() {
    return Math.max(east - west, north - south);
  }

  /**
   * Height of the map over its width: away from the equator degrees of longitude are shorter, so a
   * region is shown in its own shape.
   */
  double shape() {
    boolean world = east - west >= 2 * HALF_TURN;
    double squeeze = world ? 1 : Math.cos(Math.toRadians((north + south) / 2));
    return (north - south) / (east - west) / Math.max(0.3, squeeze);
  }
}
