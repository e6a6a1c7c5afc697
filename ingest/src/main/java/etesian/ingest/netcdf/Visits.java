package etesian.ingest.netcdf;

import java.io.IOException;

/**
 * How often the bytes of a file may be visited. A damaged length in a header sends a library
 * through billions of steps; a count, unlike a clock, ends it at the same place on every machine,
 * so that a replay decides the same.
 */
final class Visits {
  private static final long FEW = 1_000_000;

  /** Every element of an honest file, however scattered, is reached with less. */
  private static final long PER_BYTE = 4;

  private long left;

  Visits(long fileLength) {
    left = FEW + PER_BYTE * fileLength;
  }

  void count() throws IOException {
    left--;
    if (left < 0) {
      throw new IOException("a damaged length lets reading go on without end");
    }
  }
}
