package etesian.operators.smnn;

import java.util.Arrays;

/**
 * Reads an input of layout [batch][point][entry] as lanes. Elements of a batch lie far apart, often
 * at strides that share a cache set, so some points of each are read together.
 */
final class Tile {
  private static final int POINTS = 16;

  private final double[] values;
  private final int[] offsets;
  private final int size;
  private final int points;
  private final int together;
  private final double factor;
  private final double[][][] lanes; // [point of the tile][entry][lane]
  private int from;
  private int count;
  private int loaded = -1;

  /**
   * @param offsets where each batch element begins
   * @param size entries of a point
   * @param points 1 where one point serves for all
   * @param factor each value is multiplied by it
   */
  Tile(double[] values, int[] offsets, int size, int points, double factor, int capacity) {
    this.values = values;
    this.offsets = offsets;
    this.size = size;
    this.points = points;
    this.factor = factor;
    together = size == 1 ? points : Math.min(POINTS, points); // few entries: all points at once
    lanes = new double[together][size][capacity];
  }

  void block(int from, int count) {
    this.from = from;
    this.count = count;
    loaded = -1;
  }

  /** The entries of point {@code s}: valid until a point far from it is asked for. */
  double[][] at(int s) {
    int point = points == 1 ? 0 : s;
    int tile = point / together;
    if (tile != loaded) {
      load(tile * together, Math.min(together, points - tile * together));
      loaded = tile;
    }
    return lanes[point - tile * together];
  }

  private void load(int first, int many) {
    for (int lane = 0; lane < count; lane++) {
      int at = offsets[from + lane] + first * size;
      for (int p = 0; p < many; p++) {
        double[][] entries = lanes[p];
        for (int k = 0; k < size; k++) {
          entries[k][lane] = factor * values[at++];
        }
      }
    }
  }

  /** Offsets of a dense array of the solution's layout. */
  static int[] dense(LinearOde ode) {
    int[] offsets = new int[ode.batch()];
    Arrays.setAll(offsets, b -> b * ode.points() * ode.unknowns());
    return offsets;
  }
}
