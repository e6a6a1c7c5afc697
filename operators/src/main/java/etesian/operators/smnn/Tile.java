package etesian.operators.smnn;

import java.util.Arrays;

/**
 * Some points of an array of layout [batch][point][entry], turned into lanes. Elements of a batch
 * lie far apart, often at strides that share a cache set, so {@value #POINTS} points of each are
 * turned together, eight lanes at a time: a line of each of the eight stays in the cache.
 *
 * <p>A tile either reads, {@link #at} giving the entries of a point, or collects: what is added to
 * the entries is added to the array by {@link #flush}, and whenever another tile is begun.
 */
final class Tile {
  private static final int POINTS = 32;
  private static final int TOGETHER = 8;

  private final int[] offsets;
  private final int size;
  private final int points;
  private final int together;
  private final double factor;
  private final boolean collects;
  private final double[][] entries; // [point of the tile * size + entry][lane]
  private final double[][][] byPoint; // the same arrays
  private double[] values;
  private int from;
  private int count;
  private int loaded = -1;

  private Tile(
      double[] values,
      int[] offsets,
      int size,
      int points,
      double factor,
      int lanes,
      boolean collects) {
    this.values = values;
    this.offsets = offsets;
    this.size = size;
    this.points = points;
    this.factor = factor;
    this.collects = collects;
    together = size == 1 ? points : Math.min(POINTS, points); // few entries: all points at once
    entries = new double[together * size][lanes];
    byPoint = new double[together][][];
    Arrays.setAll(byPoint, p -> Arrays.copyOfRange(entries, p * size, (p + 1) * size));
  }

  /**
   * @param offsets where each batch element begins
   * @param size entries of a point
   * @param points 1 where one point serves for all
   * @param factor each value is multiplied by it
   */
  static Tile reading(
      double[] values, int[] offsets, int size, int points, double factor, int lanes) {
    return new Tile(values, offsets, size, points, factor, lanes, false);
  }

  /** A tile that collects sums, added with a factor; {@link #into} names the array. */
  static Tile collecting(int[] offsets, int size, int points, double factor, int lanes) {
    return new Tile(null, offsets, size, points, factor, lanes, true);
  }

  /** Sets the array that collected sums are added to. */
  void into(double[] values) {
    this.values = values;
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
      begin(tile);
    }
    return byPoint[point - tile * together];
  }

  private void begin(int tile) {
    if (collects) {
      flush();
      for (double[] entry : entries) {
        Arrays.fill(entry, 0);
      }
    } else {
      move(tile, Tile::read8, Tile::read1);
    }
    loaded = tile;
  }

  /** Adds what was collected to the array. */
  void flush() {
    if (loaded >= 0) {
      move(loaded, Tile::add8, Tile::add1);
    }
    loaded = -1;
  }

  private interface Mover {
    void move(double[][] entries, int many, double factor, double[] values, int[] starts, int lane);
  }

  private void move(int tile, Mover eight, Mover one) {
    int at = tile * together * size;
    int many = Math.min(entries.length, points * size - at);
    int[] starts = new int[count];
    Arrays.setAll(starts, lane -> offsets[from + lane] + at);
    move(entries, many, factor, values, starts, eight, one);
  }

  private static void move(
      double[][] entries,
      int many,
      double factor,
      double[] values,
      int[] starts,
      Mover eight,
      Mover one) {
    int lane = 0;
    for (; lane + TOGETHER <= starts.length; lane += TOGETHER) {
      eight.move(entries, many, factor, values, starts, lane);
    }
    for (; lane < starts.length; lane++) {
      one.move(entries, many, factor, values, starts, lane);
    }
  }

  /** Adds {@code entries[k][lane]} to {@code values[starts[lane] + k]}. */
  static void add(double[][] entries, double[] values, int... starts) {
    move(entries, entries.length, 1, values, starts, Tile::add8, Tile::add1);
  }

  private static void read1(
      double[][] entries, int many, double factor, double[] v, int[] start, int l) {
    int o = start[l];
    for (int k = 0; k < many; k++) {
      entries[k][l] = factor * v[o + k];
    }
  }

  private static void read8(
      double[][] entries, int many, double factor, double[] v, int[] start, int l) {
    int o0 = start[l];
    int o1 = start[l + 1];
    int o2 = start[l + 2];
    int o3 = start[l + 3];
    int o4 = start[l + 4];
    int o5 = start[l + 5];
    int o6 = start[l + 6];
    int o7 = start[l + 7];
    for (int k = 0; k < many; k++) {
      double[] entry = entries[k];
      entry[l] = factor * v[o0 + k];
      entry[l + 1] = factor * v[o1 + k];
      entry[l + 2] = factor * v[o2 + k];
      entry[l + 3] = factor * v[o3 + k];
      entry[l + 4] = factor * v[o4 + k];
      entry[l + 5] = factor * v[o5 + k];
      entry[l + 6] = factor * v[o6 + k];
      entry[l + 7] = factor * v[o7 + k];
    }
  }

  private static void add1(
      double[][] entries, int many, double factor, double[] v, int[] start, int l) {
    int o = start[l];
    for (int k = 0; k < many; k++) {
      v[o + k] += factor * entries[k][l];
    }
  }

  private static void add8(
      double[][] entries, int many, double factor, double[] v, int[] start, int l) {
    int o0 = start[l];
    int o1 = start[l + 1];
    int o2 = start[l + 2];
    int o3 = start[l + 3];
    int o4 = start[l + 4];
    int o5 = start[l + 5];
    int o6 = start[l + 6];
    int o7 = start[l + 7];
    for (int k = 0; k < many; k++) {
      double[] entry = entries[k];
      v[o0 + k] += factor * entry[l];
      v[o1 + k] += factor * entry[l + 1];
      v[o2 + k] += factor * entry[l + 2];
      v[o3 + k] += factor * entry[l + 3];
      v[o4 + k] += factor * entry[l + 4];
      v[o5 + k] += factor * entry[l + 5];
      v[o6 + k] += factor * entry[l + 6];
      v[o7 + k] += factor * entry[l + 7];
    }
  }
}
