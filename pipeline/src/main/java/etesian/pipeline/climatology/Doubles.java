package etesian.pipeline.climatology;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Arrays of doubles in state, as one big-endian block: far faster than one write per value. */
public final class Doubles {
  private Doubles() {}

  /** The values without their number. */
  public static void write(double[] values, DataOutput out) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Double.BYTES));
    bytes.asDoubleBuffer().put(values);
    out.write(bytes.array());
  }

  public static double[] read(int count, DataInput in) throws IOException {
    byte[] bytes = new byte[Math.multiplyExact(count, Double.BYTES)];
    in.readFully(bytes);
    double[] values = new double[count];
    ByteBuffer.wrap(bytes).asDoubleBuffer().get(values);
    return values;
  }
}
