package etesian.ops.sample;

import etesian.ingest.field.Grid;

/** The land of the simulated world: a few rounded continents, recognisable and no more. */
final class Continents {
  /** Latitude and longitude of the centre, half height and half width on the ground, degrees. */
  private static final double[][] SHAPES = {
    {50, 258, 22, 24}, // North America
    {74, 318, 9, 9}, // Greenland
    {-15, 300, 28, 15}, // South America
    {8, 20, 28, 20}, // Africa
    {52, 35, 16, 22}, // Europe and western Asia
    {52, 95, 22, 28}, // Asia
    {18, 79, 11, 8}, // India
    {-25, 134, 11, 18}, // Australia
    {-90, 0, 18, 18}, // Antarctica
  };

  private static final double COAST = 0.12; // width of the transition, in half heights

  private Continents() {}

  /** Share of land, 0 to 1, smooth across the coast. */
  static double landFraction(double latitude, double longitude) {
    double nearest = Double.POSITIVE_INFINITY;
    for (double[] shape : SHAPES) {
      double north = (latitude - shape[0]) / shape[2];
      double apart = StrictMath.IEEEremainder(longitude - shape[1], 360);
      double east = apart * StrictMath.cos(StrictMath.toRadians(latitude)) / shape[3];
      nearest = Math.min(nearest, StrictMath.sqrt(north * north + east * east));
    }
    return 1 / (1 + StrictMath.exp((nearest - 1) / COAST));
  }

  /** {@link #landFraction} of each cell, shape (rows, columns). */
  static double[] landFractions(Grid grid) {
    double[] out = new double[grid.cells()];
    for (int cell = 0; cell < out.length; cell++) {
      out[cell] =
          landFraction(grid.latitude(cell / grid.columns()), grid.longitude(cell % grid.columns()));
    }
    return out;
  }
}
