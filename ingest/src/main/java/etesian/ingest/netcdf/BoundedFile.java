package etesian.ingest.netcdf;

import java.io.IOException;
import ucar.unidata.io.InMemoryRandomAccessFile;

/**
 * Bytes in memory that may be visited a limited number of times. A damaged length in a header sends
 * NetCDF-Java through billions of steps; a count, unlike a clock, ends it at the same place on
 * every machine, so that a replay decides the same.
 */
final class BoundedFile extends InMemoryRandomAccessFile {
  private static final long FEW = 1_000_000;

  /** Every element of an honest file, however scattered, is reached with less. */
  private static final long VISITS_PER_BYTE = 4;

  private long visitsLeft;

  BoundedFile(String name, byte[] bytes) {
    super(name, bytes);
    visitsLeft = FEW + VISITS_PER_BYTE * bytes.length;
  }

  @Override
  public void seek(long position) throws IOException {
    visitsLeft--;
    if (visitsLeft < 0) {
      throw new IOException("a damaged length lets reading go on without end");
    }
    super.seek(position);
  }
}
