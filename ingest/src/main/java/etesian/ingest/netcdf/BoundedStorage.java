package etesian.ingest.netcdf;

import io.jhdf.HdfFile;
import io.jhdf.Superblock;
import io.jhdf.exceptions.HdfException;
import io.jhdf.storage.HdfBackingStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * Bytes in memory or mapped, as jHDF reads them: where they lie, so that a damaged length takes no
 * memory, and within a number of {@link Visits}.
 *
 * <p>Of what jHDF offers itself, files and channels allocate whatever a length says before they
 * look, and its buffers in memory count nothing.
 */
final class BoundedStorage implements HdfBackingStorage {
  private final ByteBuffer bytes;
  private final Superblock superblock;
  private final Visits visits;

  private BoundedStorage(ByteBuffer bytes) {
    this.bytes = bytes;
    this.superblock = Superblock.readSuperblock(bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN));
    this.visits = new Visits(bytes.limit());
  }

  /** Opens a file on such storage, by a constructor that jHDF keeps to itself. */
  static HdfFile open(ByteBuffer bytes) {
    try {
      Constructor<HdfFile> constructor =
          HdfFile.class.getDeclaredConstructor(HdfBackingStorage.class);
      constructor.setAccessible(true);
      return constructor.newInstance(new BoundedStorage(bytes));
    } catch (InvocationTargetException e) {
      throw new HdfException("its root cannot be read", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("this release of jHDF has no storage of one's own", e);
    }
  }

  @Override
  public ByteBuffer readBufferFromAddress(long address, int length) {
    return map(address, length);
  }

  @Override
  public ByteBuffer map(long address, long length) {
    return mapNoOffset(Math.addExact(address, superblock.getBaseAddressByte()), length);
  }

  @Override
  public ByteBuffer mapNoOffset(long address, long length) {
    try {
      visits.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (address < 0 || length < 0 || length > bytes.limit() - address) {
      throw new HdfException(
          length + " bytes at byte " + address + " of a file of " + bytes.limit());
    }
    return bytes.slice((int) address, (int) length).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public long getUserBlockSize() {
    return superblock.getBaseAddressByte();
  }

  @Override
  public Superblock getSuperblock() {
    return superblock;
  }

  @Override
  public FileChannel getFileChannel() {
    throw new UnsupportedOperationException("a file in memory has no channel");
  }

  @Override
  public int getSizeOfOffsets() {
    return superblock.getSizeOfOffsets();
  }

  @Override
  public int getSizeOfLengths() {
    return superblock.getSizeOfLengths();
  }

  @Override
  public void close() {}

  @Override
  public long size() {
    return bytes.limit();
  }

  @Override
  public boolean inMemory() {
    return true;
  }
}
