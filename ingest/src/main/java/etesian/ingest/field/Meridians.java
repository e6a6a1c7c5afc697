package etesian.ingest.field;

/**
 * The columns of a grid on the circle of longitude.
 *
 * @param west longitude of column 0, degrees
 * @param width of a column, degrees; an exact share of the circle where columns go around it
 * @param count columns, without those that repeat the first ones after a full turn
 * @param around whether the last column is a neighbour of the first
 */
record Meridians(double west, double width, int count, boolean around) {

  static Meridians of(Grid grid) {
    double step = grid.columnStepDegrees();
    int turn = (int) Math.rint(360 / step);
    // Files with a cyclic point repeat column 0 at the end: cells beyond the turn hold no news.
    boolean around = grid.columns() >= turn && Math.abs(turn * step - 360) < step / 2;
    return around
        ? new Meridians(grid.westDegrees(), 360.0 / turn, turn, true)
        : new Meridians(grid.westDegrees(), step, grid.columns(), false);
  }

  /** Degrees eastwards to a longitude from another one, in [0, 360). */
  static double eastwards(double from, double to) {
    double turn = (to - from) % 360;
    double degrees = turn < 0 ? turn + 360 : turn;
    return degrees < 360 ? degrees : 0; // a tiny negative turn rounds to 360
  }

  double longitude(int column) {
    return west + column * width;
  }
}
