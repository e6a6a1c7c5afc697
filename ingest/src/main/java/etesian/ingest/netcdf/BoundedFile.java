package etesian.ingest.netcdf;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import ucar.unidata.io.RandomAccessFile;

/** Bytes in memory or mapped, as NetCDF-Java reads them, within a number of {@link Visits}. */
final class BoundedFile extends RandomAccessFile {
  private static final int BUFFER = 8 << 10;

  private final ByteBuffer bytes;
  private final Visits visits;

  BoundedFile(String name, ByteBuffer bytes) {
    super(BUFFER);
    this.location = name;
    this.bytes = bytes;
    this.visits = new Visits(bytes.limit());
  }

  @Override
  public long length() {
    return bytes.limit();
  }

  @Override
  public void seek(long position) throws IOException {
    visits.count();
    super.seek(position);
  }

  /** Beyond the end NetCDF-Java neither fails nor seeks: it may go on there for long. */
  @Override
  public int read() throws IOException {
    int value = super.read();
    if (value < 0) {
      visits.count();
    }
    return value;
  }

  @Override
  protected int read_(long position, byte[] into, int offset, int length) {
    if (position >= bytes.limit()) {
      return -1;
    }
    int count = (int) Math.min(length, bytes.limit() - position);
    bytes.get((int) position, into, offset, count);
    return count;
  }

  @Override
  public long readToByteChannel(WritableByteChannel to, long offset, long length)
      throws IOException {
    if (offset + length > bytes.limit()) {
      throw new EOFException("beyond the end, at byte " + (offset + length));
    }
    return to.write(bytes.slice((int) offset, (int) length));
  }
}
