package etesian.pipeline.model;

import etesian.ingest.field.Grid;

/**
 * How much a row or a cell counts when an operator learns.
 *
 * <pre>  w = max(10^-6, {@link Grid#weight}); 0 where there are no values </pre>
 */
public final class CellWeights {
  private CellWeights() {}

  /** Weight of each row, shape (rows); above 0 also on a pole. */
  public static float[] byRow(Grid grid) {
    float[] weights = new float[grid.rows()];
    for (int row = 0; row < weights.length; row++) {
      weights[row] = (float) Math.max(1e-6, grid.weight(row));
    }
    return weights;
  }

  /**
   * Weight of each cell, shape (cells).
   *
   * @param present which cells have values, shape (cells); see {@link Presence#ofCells}
   */
  public static double[] byCell(Grid grid, boolean[] present) {
    float[] byRow = byRow(grid);
    double[] weights = new double[grid.cells()];
    for (int cell = 0; cell < weights.length; cell++) {
      weights[cell] = present[cell] ? byRow[cell / grid.columns()] : 0;
    }
    return weights;
  }
}
