package etesian.pipeline.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** The bytes of a chunk: little-endian, then by gzip where the metadata say so. */
final class ZarrChunks {
  /** Of gzip, 1 to 9: the low bits of a float are noise, on which more effort is lost. */
  static final int LEVEL = 1;

  private ZarrChunks() {}

  static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  static byte[] raw(double[] values) {
    byte[] bytes = new byte[values.length * Double.BYTES];
    littleEndian(bytes).asDoubleBuffer().put(values);
    return bytes;
  }

  static byte[] raw(int[] values) {
    byte[] bytes = new byte[values.length * Integer.BYTES];
    littleEndian(bytes).asIntBuffer().put(values);
    return bytes;
  }

  /** Leads in a chunk: as many as go into so many bytes, one at least. */
  static int leads(int bytes, int horizon, int cells) {
    return Math.max(1, Math.min(horizon, bytes / (cells * Float.BYTES)));
  }

  /** A chunk of so many leads; what lies beyond the last one is missing. */
  static byte[] gzip(List<float[]> fields, int leads, int cells) {
    byte[] bytes = new byte[Math.multiplyExact(leads, cells * Float.BYTES)];
    FloatBuffer values = littleEndian(bytes).asFloatBuffer();
    fields.forEach(values::put);
    while (values.hasRemaining()) {
      values.put(Float.NaN);
    }
    ByteArrayOutputStream packed = new ByteArrayOutputStream(bytes.length / 2 + 64);
    try (Gzip gzip = new Gzip(packed)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // not in memory
    }
    return packed.toByteArray();
  }

  private static final class Gzip extends GZIPOutputStream {
    Gzip(ByteArrayOutputStream out) throws IOException {
      super(out, 1 << 16);
      def.setLevel(LEVEL);
    }
  }
}
