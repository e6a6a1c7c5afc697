package etesian.ingest.field;

/**
 * Weights of the conservative remapping of first order: the share of a destination cell that a
 * source cell covers, as a product of a share of its longitudes and one of its latitudes.
 *
 * <pre>
 *   rows:     w = (sin(min north) - sin(max south)) / (sin(north) - sin(south))
 *   columns:  w = (min east - max west) / (east - west)
 * </pre>
 *
 * Edges are those of {@link Grid}. Source: Jones, First- and Second-Order Conservative Remapping
 * Schemes for Grids in Spherical Coordinates (1999), equation 6.
 */
final class Overlap {
  /** Overlaps below this share of a cell are the rounding of edges that are one and the same. */
  private static final double SLIVER = 1e-9;

  private Overlap() {}

  /** A row of the source has its index plus 1, as in {@link Linear#rows}. */
  static SparseRows rows(Grid from, Grid to) {
    SparseRows weights = new SparseRows(to.rows());
    int first = 0;
    for (int row = 0; row < to.rows(); row++) {
      double north = to.northEdge(row);
      double south = to.southEdge(row);
      double band = to.area(row);
      while (first < from.rows() && from.southEdge(first) >= north) {
        first++;
      }
      for (int source = first; source < from.rows() && from.northEdge(source) > south; source++) {
        double share =
            Spheres.band(
                    Math.min(north, from.northEdge(source)),
                    Math.max(south, from.southEdge(source)))
                / band;
        if (share > SLIVER) {
          weights.add(row, source + 1, share);
        }
      }
    }
    return weights;
  }

  static SparseRows columns(Grid from, Grid to) {
    Meridians source = Meridians.of(from);
    Meridians target = Meridians.of(to);
    double sourceEdge = source.west() - source.width() / 2;
    SparseRows weights = new SparseRows(to.columns());
    for (int column = 0; column < to.columns(); column++) {
      double west = Meridians.eastwards(sourceEdge, target.longitude(column) - target.width() / 2);
      overlaps(weights, column, west, target.width(), source);
      overlaps(weights, column, west - 360, target.width(), source); // beyond a full turn
    }
    return weights;
  }

  /**
   * @param west edge of the destination cell, degrees east of the western edge of the source
   */
  private static void overlaps(
      SparseRows weights, int column, double west, double width, Meridians source) {
    double east = west + width;
    int first = (int) Math.max(0, Math.floor(west / source.width()));
    for (int i = first; i < source.count() && i * source.width() < east; i++) {
      double share =
          (Math.min(east, (i + 1) * source.width()) - Math.max(west, i * source.width())) / width;
      if (share > SLIVER) {
        weights.add(column, i, share);
      }
    }
  }
}
