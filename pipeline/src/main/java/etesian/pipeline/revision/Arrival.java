package etesian.pipeline.revision;

import etesian.ingest.field.Field;
import java.nio.FloatBuffer;

/** What a field is to the one of the same stream and valid time that came before it. */
public enum Arrival {
  /** There was none. */
  FIRST,
  /** A final one after a provisional one, or of the same revision with other values. */
  BETTER,
  /** The same granule again, or the same values in another one. */
  SAME,
  /** A provisional one after a final one. */
  WORSE;

  /**
   * Compares content, not only labels: equal values change nothing, whatever their revision; other
   * values of the same revision were published again, and the later publication counts.
   *
   * @param before null when there was none
   */
  public static Arrival of(Field field, Field before) {
    if (before == null) {
      return FIRST;
    }
    Arrival arrival = of(field, before.revision(), before.values());
    boolean sameGranule = field.origin().sha256().equals(before.origin().sha256());
    return field.revision() == before.revision() && sameGranule ? SAME : arrival;
  }

  /**
   * Where no more is kept of the one before than its revision and values: of the same revision,
   * other values were published again.
   */
  public static Arrival of(Field field, int revisionBefore, FloatBuffer valuesBefore) {
    if (field.values().equals(valuesBefore)) { // as NaN of buffers equals NaN
      return SAME;
    }
    return field.revision() >= revisionBefore ? BETTER : WORSE;
  }

  /** Whether the field takes the place of the one before, or an empty one. */
  public boolean counts() {
    return this == FIRST || this == BETTER;
  }
}
