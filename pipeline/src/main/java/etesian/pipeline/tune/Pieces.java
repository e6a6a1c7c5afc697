package etesian.pipeline.tune;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Bytes in arrays of a bounded length. No array holds more than 2 GiB, and one that grows takes
 * several times the memory of what it holds in the end.
 */
final class Pieces extends OutputStream {
  private final List<byte[]> full = new ArrayList<>();
  private final int length;
  private byte[] last;
  private int used; // of the last one

  /**
   * @param length of a piece
   */
  Pieces(int length) {
    this.length = length;
    last = new byte[length];
  }

  @Override
  public void write(int value) {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) {
    int written = 0;
    while (written < count) {
      if (used == length) {
        full.add(last);
        last = new byte[length];
        used = 0;
      }
      int fits = Math.min(count - written, length - used);
      System.arraycopy(bytes, offset + written, last, used, fits);
      used += fits;
      written += fits;
    }
  }

  /** All that was written. */
  List<byte[]> pieces() {
    List<byte[]> pieces = new ArrayList<>(full);
    pieces.add(Arrays.copyOf(last, used));
    return pieces;
  }

  /** The bytes of pieces one after the other. */
  static InputStream joined(Iterable<byte[]> pieces) {
    List<InputStream> streams = new ArrayList<>();
    pieces.forEach(piece -> streams.add(new ByteArrayInputStream(piece)));
    return new SequenceInputStream(Collections.enumeration(streams));
  }
}
