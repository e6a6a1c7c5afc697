package etesian.ingest.netcdf;

import etesian.ingest.netcdf.Refusal.Reason;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds truncated files before they are read: the length that the header implies against the length
 * there is. Needed because libraries read the missing tail of a classic file as zeros, which unpack
 * to {@code add_offset}: a plausible temperature.
 */
final class FileLength {
  private static final int STREAMING = -1;

  private FileLength() {}

  static void check(byte[] bytes, String name) throws Refusal {
    long implied;
    try {
      implied = Signature.isClassic(bytes) ? classic(bytes) : hdf5(bytes);
    } catch (BufferUnderflowException e) {
      throw new Refusal(
          Reason.TRUNCATED,
          name + " ends within its header, after " + bytes.length + " bytes; copy the file again",
          e);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new Refusal(
          Reason.CORRUPT,
          name + " has a damaged header: " + e.getMessage() + "; copy the file again",
          e);
    }
    if (bytes.length < implied) {
      throw new Refusal(
          Reason.TRUNCATED,
          String.format(
              "%s has %d bytes, its header says at least %d; copy the file again",
              name, bytes.length, implied));
    }
  }

  /**
   * End of the last value of a classic file. The padding after the last value is not counted, as
   * some writers leave it out.
   */
  private static long classic(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.BIG_ENDIAN);
    boolean wideOffsets = bytes[3] == 2;
    in.position(4);
    int records = in.getInt();
    long[] dimensions = new long[list(in)];
    for (int i = 0; i < dimensions.length; i++) {
      skipName(in);
      dimensions[i] = Integer.toUnsignedLong(in.getInt()); // 0 marks the record dimension
    }
    skipAttributes(in);
    long end = 0;
    long recordBytes = 0;
    List<long[]> recordVariables = new ArrayList<>(); // begin, bytes of one record
    for (int left = list(in); left > 0; left--) {
      skipName(in);
      int rank = count(in);
      long values = 1;
      boolean record = false;
      for (int d = 0; d < rank; d++) {
        int id = in.getInt();
        if (id < 0 || id >= dimensions.length) {
          throw new IllegalArgumentException("no dimension has the number " + id);
        }
        if (d == 0 && dimensions[id] == 0) {
          record = true;
        } else {
          values = Math.multiplyExact(values, dimensions[id]);
        }
      }
      skipAttributes(in);
      long size = Math.multiplyExact(values, ClassicType.ofCode(in.getInt()).width());
      in.getInt(); // the padded size, which overflows for large variables
      long begin = wideOffsets ? in.getLong() : Integer.toUnsignedLong(in.getInt());
      if (begin < 0) {
        throw new IllegalArgumentException("a variable begins at byte " + begin);
      }
      if (record) {
        recordVariables.add(new long[] {begin, size});
        recordBytes = Math.addExact(recordBytes, Math.addExact(size, 3) / 4 * 4);
      } else if (size > 0) {
        end = Math.max(end, Math.addExact(begin, size));
      }
    }
    if (records == STREAMING || records == 0) {
      return Math.max(end, in.position());
    }
    if (recordVariables.size() == 1) {
      recordBytes = recordVariables.get(0)[1]; // a single record variable is packed without padding
    }
    long before = Math.multiplyExact(Integer.toUnsignedLong(records) - 1, recordBytes);
    for (long[] variable : recordVariables) {
      end = Math.max(end, Math.addExact(Math.addExact(variable[0], before), variable[1]));
    }
    return Math.max(end, in.position());
  }

  private static int list(ByteBuffer in) {
    in.getInt(); // the tag; absent lists have tag and count 0
    return count(in);
  }

  private static int count(ByteBuffer in) {
    int count = in.getInt();
    if (count < 0) {
      throw new IllegalArgumentException("a list of " + count + " elements");
    }
    if (count > in.remaining()) {
      throw new BufferUnderflowException();
    }
    return count;
  }

  private static void skipName(ByteBuffer in) {
    skipPadded(in, count(in));
  }

  private static void skipAttributes(ByteBuffer in) {
    for (int left = list(in); left > 0; left--) {
      skipName(in);
      ClassicType type = ClassicType.ofCode(in.getInt());
      skipPadded(in, (long) count(in) * type.width());
    }
  }

  private static void skipPadded(ByteBuffer in, long bytes) {
    long padded = (bytes + 3) / 4 * 4;
    if (padded > in.remaining()) {
      throw new BufferUnderflowException();
    }
    in.position(in.position() + (int) padded);
  }

  /** The end-of-file address of an HDF5 superblock with 8-byte addresses; 0 for rarer ones. */
  private static long hdf5(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int version = in.get(8);
    int addressSizeAt = version < 2 ? 13 : 9;
    int baseAt = version == 0 ? 24 : version == 1 ? 28 : 12;
    if (bytes.length < baseAt + 32) {
      throw new BufferUnderflowException();
    }
    if (version > 3 || in.get(addressSizeAt) != 8) {
      return 0;
    }
    long base = in.getLong(baseAt);
    long end = in.getLong(baseAt + 16);
    if (base != 0 || end < 0) {
      return 0;
    }
    return end;
  }
}
