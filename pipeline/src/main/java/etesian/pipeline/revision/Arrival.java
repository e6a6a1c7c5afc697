package etesian.pipeline.revision;

import etesian.ingest.field.Field;

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
    if (field.values().equals(before.values())) { // as NaN of buffers equals NaN
      return SAME;
    }
    if (field.revision() != before.revision()) {
      return field.revision() > before.revision() ? BETTER : WORSE;
    }
    return field.origin().sha256().equals(before.origin().sha256()) ? SAME : BETTER;
  }

  /** Whether the field takes the place of the one before, or an empty one. */
  public boolean counts() {
    return this == FIRST || this == BETTER;
  }
}
