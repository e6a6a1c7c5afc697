package etesian.pipeline.decode;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Byte arrays with their length before them. */
final class Bytes {
  private Bytes() {}

  static void write(byte[] bytes, DataOutput out) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static byte[] read(DataInput in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return bytes;
  }

  static void version(DataInput in, int known, String what) throws IOException {
    int version = in.readUnsignedByte();
    if (version != known) {
      throw new IOException(what + " of version " + version + ", this code reads " + known);
    }
  }
}
