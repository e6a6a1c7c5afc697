package etesian.ingest.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import etesian.ingest.field.Grid;
import etesian.ingest.field.Origin;
import etesian.ingest.field.Variable;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.time.Instant;

/** Parts that the codecs share. All numbers are big-endian. */
public final class Binary {
  private Binary() {}

  /** The version that a form begins with, 1 to the newest. */
  public static int version(DataInput in, int newest, String what) throws IOException {
    int version = in.readUnsignedByte();
    if (version < 1 || version > newest) {
      throw new IOException(
          what
              + " has binary version "
              + version
              + ", this code reads 1 to "
              + newest
              + "; restore this state with the version of Etesian that wrote it, or a newer one");
    }
    return version;
  }

  /** Length in bytes, then UTF-8; {@code writeUTF} would fail on attributes above 64 KiB. */
  public static void text(String text, DataOutput out) throws IOException {
    bytes(text.getBytes(UTF_8), out);
  }

  public static String text(DataInput in) throws IOException {
    return new String(bytes(in), UTF_8);
  }

  /** Length, then the bytes. */
  public static void bytes(byte[] bytes, DataOutput out) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  public static byte[] bytes(DataInput in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return bytes;
  }

  public static void instant(Instant time, DataOutput out) throws IOException {
    out.writeLong(time.getEpochSecond());
    out.writeInt(time.getNano());
  }

  public static Instant instant(DataInput in) throws IOException {
    return Instant.ofEpochSecond(in.readLong(), in.readInt());
  }

  public static void variable(Variable variable, DataOutput out) throws IOException {
    text(variable.name(), out);
    text(variable.units(), out);
    text(variable.longName(), out);
    text(variable.standardName(), out);
  }

  public static Variable variable(DataInput in) throws IOException {
    return new Variable(text(in), text(in), text(in), text(in));
  }

  /**
   * Version of a form that holds a grid: 1 with even rows, as ever, so that older code reads it; 2
   * with uneven ones, which older code then refuses by name.
   */
  public static int gridVersion(Grid grid) {
    return grid.hasEvenRows() ? 1 : 2;
  }

  /**
   * Even rows: rows, columns, north, west, row step, column step. Uneven rows: minus the number of
   * rows, columns, west, column step, the latitudes; only in forms of {@link #gridVersion} 2.
   */
  public static void grid(Grid grid, DataOutput out) throws IOException {
    if (!grid.hasEvenRows()) {
      out.writeInt(-grid.rows());
      out.writeInt(grid.columns());
      out.writeDouble(grid.westDegrees());
      out.writeDouble(grid.columnStepDegrees());
      doubles(grid.latitudes(), out);
      return;
    }
    out.writeInt(grid.rows());
    out.writeInt(grid.columns());
    out.writeDouble(grid.northDegrees());
    out.writeDouble(grid.westDegrees());
    out.writeDouble(grid.rowStepDegrees());
    out.writeDouble(grid.columnStepDegrees());
  }

  public static Grid grid(DataInput in) throws IOException {
    int rows = in.readInt();
    int columns = in.readInt();
    if (rows < 0) {
      double west = in.readDouble();
      double columnStep = in.readDouble();
      return Grid.ofRows(doubles(-rows, in), columns, west, columnStep);
    }
    return new Grid(
        rows, columns, in.readDouble(), in.readDouble(), in.readDouble(), in.readDouble());
  }

  public static void origin(Origin origin, DataOutput out) throws IOException {
    text(origin.sha256(), out);
    text(origin.location(), out);
  }

  public static Origin origin(DataInput in) throws IOException {
    return new Origin(text(in), text(in));
  }

  /** The values without their number, as one block: one write is far faster than one per value. */
  public static void floats(FloatBuffer values, DataOutput out) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.remaining(), Float.BYTES));
    bytes.asFloatBuffer().put(values);
    out.write(bytes.array());
  }

  public static float[] floats(int count, DataInput in) throws IOException {
    byte[] bytes = new byte[Math.multiplyExact(count, Float.BYTES)];
    in.readFully(bytes);
    float[] values = new float[count];
    ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
    return values;
  }

  /** As {@link #floats(FloatBuffer, DataOutput)}. */
  public static void doubles(double[] values, DataOutput out) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Double.BYTES));
    bytes.asDoubleBuffer().put(values);
    out.write(bytes.array());
  }

  public static double[] doubles(int count, DataInput in) throws IOException {
    byte[] bytes = new byte[Math.multiplyExact(count, Double.BYTES)];
    in.readFully(bytes);
    double[] values = new double[count];
    ByteBuffer.wrap(bytes).asDoubleBuffer().get(values);
    return values;
  }
}
