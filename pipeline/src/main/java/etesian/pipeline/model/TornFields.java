package etesian.pipeline.model;

import java.util.Collection;
import java.util.stream.IntStream;

/**
 * Which fields did not come through: those that miss more than half of the values of a variable
 * that most fields have. Of a cell that is missing once nothing can be learned, so one such field
 * among thousands would leave none to learn from.
 */
public final class TornFields {
  private final int cells;
  private final boolean[] usual; // values that more than half of the fields have
  private final int[] counts; // of those, by variable

  /**
   * @param fields a {@link Stack} each, at least one; NaN is missing
   */
  public TornFields(Collection<float[]> fields, int variables) {
    usual = new boolean[fields.iterator().next().length];
    cells = usual.length / variables;
    counts = new int[variables];
    int[] found = new int[usual.length];
    for (float[] field : fields) {
      for (int i = 0; i < found.length; i++) {
        found[i] += Float.isNaN(field[i]) ? 0 : 1;
      }
    }
    for (int i = 0; i < found.length; i++) {
      usual[i] = 2 * found[i] > fields.size();
      counts[i / cells] += usual[i] ? 1 : 0;
    }
  }

  /** Whether a field, of those or another one, is torn. */
  public boolean isTorn(float[] field) {
    int[] missing = new int[counts.length];
    for (int i = 0; i < field.length; i++) {
      missing[i / cells] += usual[i] && Float.isNaN(field[i]) ? 1 : 0;
    }
    return IntStream.range(0, counts.length).anyMatch(v -> 2 * missing[v] > counts[v]);
  }
}
