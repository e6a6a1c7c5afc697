package etesian.ingest.field;

/**
 * Weights of linear interpolation between the two nearest rows, or columns, of the source; none
 * beyond its outermost ones.
 *
 * <pre>  w = 1 - t, t    t = (x - x_i) / (x_{i+1} - x_i), x_i &lt;= x &lt;= x_{i+1} </pre>
 */
final class Linear {
  /** Coordinates are known to 1e-5 degrees: this far beyond the outermost row is on it. */
  private static final double ON_ROW = 2e-5;

  /** Closer than this, in steps, is at a row or column: the rounding of doubles. */
  private static final double AT = 1e-9;

  private Linear() {}

  /**
   * Rows; one of the source has its index plus 1. Where the source goes around the earth and its
   * cells reach a pole that no row of it lies on, that pole is a further row: 0 in the north,
   * {@code from.rows() + 1} in the south.
   */
  static SparseRows rows(Grid from, Grid to) {
    boolean around = Meridians.of(from).around();
    int last = from.rows();
    boolean north = around && from.northEdge(0) == 90 && !onPole(from.latitude(0));
    boolean south = around && from.southEdge(last - 1) == -90 && !onPole(from.latitude(last - 1));
    return rows(from, to, north ? 0 : 1, south ? last + 1 : last);
  }

  /** Whether a latitude is that of a pole. */
  static boolean onPole(double latitude) {
    return Math.abs(latitude) > 90 - ON_ROW;
  }

  private static SparseRows rows(Grid from, Grid to, int first, int last) {
    SparseRows weights = new SparseRows(to.rows());
    int north = first;
    for (int row = 0; row < to.rows(); row++) {
      double x = Math.min(latitude(from, first), Math.max(latitude(from, last), to.latitude(row)));
      if (Math.abs(x - to.latitude(row)) > ON_ROW) {
        continue; // beyond the outermost row
      }
      while (north < last && latitude(from, north + 1) >= x) {
        north++;
      }
      double gap = north == last ? 1 : latitude(from, north) - latitude(from, north + 1);
      add(weights, row, (latitude(from, north) - x) / gap, north, north + 1);
    }
    return weights;
  }

  private static double latitude(Grid grid, int row) {
    return row == 0 ? 90 : row > grid.rows() ? -90 : grid.latitude(row - 1);
  }

  /**
   * @param shiftDegrees added to the longitudes of the destination
   */
  static SparseRows columns(Grid from, Grid to, double shiftDegrees) {
    Meridians source = Meridians.of(from);
    Meridians target = Meridians.of(to);
    SparseRows weights = new SparseRows(to.columns());
    for (int column = 0; column < to.columns(); column++) {
      double longitude = target.longitude(column) + shiftDegrees;
      double x = Meridians.eastwards(source.west(), longitude);
      if (source.around()) {
        int west = (int) Math.floor(x / source.width());
        add(
            weights,
            column,
            x / source.width() - west,
            west % source.count(),
            (west + 1) % source.count());
        continue;
      }
      double end = (source.count() - 1) * source.width();
      double inside = x > 360 - ON_ROW ? 0 : Math.min(x, end);
      if (x <= end + ON_ROW || inside == 0) {
        int west = (int) Math.min(source.count() - 1, Math.floor(inside / source.width()));
        add(weights, column, inside / source.width() - west, west, west + 1);
      }
    }
    return weights;
  }

  private static void add(SparseRows weights, int row, double t, int here, int next) {
    if (t < 1 - AT) {
      weights.add(row, here, t < AT ? 1 : 1 - t);
    }
    if (t >= AT) {
      weights.add(row, next, t < 1 - AT ? t : 1);
    }
  }
}
