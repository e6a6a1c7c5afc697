package etesian.pipeline.model;

import java.util.Arrays;

/** Where fields always have values: land and ice have no sea surface temperature. */
public final class Presence {
  private Presence() {}

  /**
   * For each value of a {@link Stack} whether none of the fields misses it.
   *
   * @param values of a field: variables x cells
   */
  public static boolean[] ofValues(Iterable<float[]> fields, int values) {
    boolean[] present = new boolean[values];
    Arrays.fill(present, true);
    for (float[] field : fields) {
      for (int i = 0; i < values; i++) {
        present[i] &= !Float.isNaN(field[i]);
      }
    }
    return present;
  }

  /** For each cell whether none of the fields misses it, in one variable at least. */
  public static boolean[] ofCells(Iterable<float[]> fields, int variables, int cells) {
    boolean[] values = ofValues(fields, variables * cells);
    boolean[] present = new boolean[cells];
    for (int i = 0; i < values.length; i++) {
      present[i % cells] |= values[i];
    }
    return present;
  }
}
