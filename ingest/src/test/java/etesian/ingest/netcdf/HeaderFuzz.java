package etesian.ingest.netcdf;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * What Jazzer calls with any bytes behind the four of a classic file: its header is read or fails
 * in one of the ways that it says, see {@code docs/fuzzing.md}.
 */
public final class HeaderFuzz {
  private HeaderFuzz() {}

  /** The entry that Jazzer looks for. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    if (bytes.length < 4) {
      return;
    }
    try {
      ClassicHeader header =
          ClassicHeader.read(ByteBuffer.wrap(bytes), ReaderFuzz.LIMITS, "fuzz.nc");
      header.impliedLength();
      header.recordsWithin(bytes.length);
    } catch (Refusal
        | BufferUnderflowException
        | IllegalArgumentException
        | ArithmeticException e) {
      // as documented
    }
  }
}
