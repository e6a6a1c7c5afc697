package etesian.ingest.netcdf;

import etesian.ingest.netcdf.Refusal.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Finds cut HDF5 files before they are read: the end of file that the superblock states against the
 * length there is.
 */
final class Hdf5Length {
  private Hdf5Length() {}

  static void check(ByteBuffer bytes, String name) throws Refusal {
    ByteBuffer in = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int length = in.limit();
    int version = length > 8 ? in.get(8) : 0;
    int addressSizeAt = version < 2 ? 13 : 9;
    int baseAt = version == 0 ? 24 : version == 1 ? 28 : 12;
    if (length < baseAt + 32) {
      throw new Refusal(
          Reason.TRUNCATED,
          name + " ends within its header, after " + length + " bytes; copy the file again");
    }
    if (version > 3 || in.get(addressSizeAt) != 8 || in.getLong(baseAt) != 0) {
      return; // rare; the library finds out
    }
    long end = in.getLong(baseAt + 16);
    if (length < end) {
      throw new Refusal(
          Reason.TRUNCATED,
          String.format(
              "%s has %d bytes, its header says at least %d; copy the file again",
              name, length, end));
    }
  }
}
