package etesian.ingest.netcdf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The checksum that HDF5 writes behind a chunk: two sums modulo 65535 over its 16-bit words, high
 * byte first; stored little-endian, each half in the order of the machine that wrote it.
 */
final class Fletcher32 {
  static final int BYTES = 4;
  private static final int WORDS_WITHOUT_OVERFLOW = 360;

  private Fletcher32() {}

  /**
   * What comes before the checksum.
   *
   * @throws IOException when it does not fit
   */
  static ByteBuffer verified(ByteBuffer chunk) throws IOException {
    int length = chunk.remaining() - BYTES;
    if (length < 0) {
      throw new IOException("a chunk is shorter than its checksum");
    }
    ByteBuffer data = chunk.slice(chunk.position(), length);
    int stored = chunk.order(ByteOrder.LITTLE_ENDIAN).getInt(chunk.position() + length);
    int sum = of(data);
    // Early writers on little-endian machines stored the bytes of each half the other way round.
    int swapped = (sum & 0x00FF00FF) << 8 | sum >>> 8 & 0x00FF00FF;
    if (stored != sum && stored != swapped) {
      throw new IOException(
          String.format("a chunk has the checksum %08x, stored is %08x", sum, stored));
    }
    return data;
  }

  static int of(ByteBuffer data) {
    long sum1 = 0;
    long sum2 = 0;
    int words = data.remaining() / 2;
    int i = 0;
    while (i < words) {
      int end = Math.min(words, i + WORDS_WITHOUT_OVERFLOW);
      for (; i < end; i++) {
        sum1 += (data.get(2 * i) & 0xFF) << 8 | data.get(2 * i + 1) & 0xFF;
        sum2 += sum1;
      }
      sum1 = (sum1 & 0xFFFF) + (sum1 >> 16);
      sum2 = (sum2 & 0xFFFF) + (sum2 >> 16);
    }
    if (data.remaining() % 2 == 1) {
      sum1 += (data.get(data.remaining() - 1) & 0xFF) << 8;
      sum2 += sum1;
      sum1 = (sum1 & 0xFFFF) + (sum1 >> 16);
      sum2 = (sum2 & 0xFFFF) + (sum2 >> 16);
    }
    sum1 = (sum1 & 0xFFFF) + (sum1 >> 16);
    sum2 = (sum2 & 0xFFFF) + (sum2 >> 16);
    return (int) (sum2 << 16 | sum1);
  }
}
