package etesian.ingest.field;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * Values of shape (rows, columns), row-major, in the unit of {@code frame.variable()}; NaN is
 * missing. Copied in, shared read-only, compared by content.
 */
public final class Field {
  private final Frame frame;
  private final int revision;
  private final Origin origin;
  private final float[] values;

  /**
   * @param revision 0 while provisional (ERA5T, {@code expver} 5), 1 when final ({@code expver} 1
   *     or a producer without revisions)
   */
  public Field(Frame frame, int revision, Origin origin, float[] values) {
    this(values.clone(), frame, revision, origin);
  }

  private Field(float[] values, Frame frame, int revision, Origin origin) {
    Check.that(
        values.length == frame.grid().cells(),
        "%s: %d values for a grid of %s",
        frame.variable().name(),
        values.length,
        frame.grid());
    this.frame = Objects.requireNonNull(frame);
    this.revision = revision;
    this.origin = Objects.requireNonNull(origin);
    this.values = values;
  }

  /**
   * As the constructor, without a copy: for values that were made for this field, and that nobody
   * writes to afterwards.
   */
  public static Field taking(Frame frame, int revision, Origin origin, float[] values) {
    return new Field(values, frame, revision, origin);
  }

  public Frame frame() {
    return frame;
  }

  public int revision() {
    return revision;
  }

  public Origin origin() {
    return origin;
  }

  public FloatBuffer values() {
    return FloatBuffer.wrap(values).asReadOnlyBuffer();
  }

  /** A copy of the values. */
  public float[] toArray() {
    return values.clone();
  }

  public float value(int row, int column) {
    return values[row * frame.grid().columns() + column];
  }

  /** Number of missing cells. */
  public int missing() {
    int n = 0;
    for (float v : values) {
      if (Float.isNaN(v)) {
        n++;
      }
    }
    return n;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Field f
        && revision == f.revision
        && frame.equals(f.frame)
        && origin.equals(f.origin)
        && Arrays.equals(values, f.values);
  }

  @Override
  public int hashCode() {
    return Objects.hash(frame, revision, origin, Arrays.hashCode(values));
  }

  @Override
  public String toString() {
    return String.format(
        "%s at %s on %s, revision %d",
        frame.variable().name(), frame.validAt(), frame.grid(), revision);
  }
}
