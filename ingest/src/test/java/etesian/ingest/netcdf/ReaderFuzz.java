package etesian.ingest.netcdf;

import etesian.ingest.field.Origin;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;

/**
 * What Jazzer calls with any bytes, see {@code docs/fuzzing.md}: they become fields or a refusal,
 * within the memory that the limits imply.
 */
public final class ReaderFuzz {
  /** Small, so that much is allowed to few inputs and each is read in no time. */
  static final Limits LIMITS = new Limits(1 << 20, 200_000, 200, 2000, 6, 1100);

  /** All that one input may allocate, garbage included; the heap of a fuzzing run is larger. */
  static final long MEMORY = 256L << 20;

  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private ReaderFuzz() {}

  /** The entry that Jazzer looks for. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    refusedOrRead(() -> new GranuleReader(LIMITS, true).read(bytes, "fuzz.nc", new Origin("", "")));
    refusedOrRead(() -> Inspection.of(ByteBuffer.wrap(bytes), "fuzz.nc", LIMITS));
  }

  private interface Reading {
    Object run() throws Refusal;
  }

  private static void refusedOrRead(Reading reading) {
    long least = allocated(reading);
    if (least > MEMORY) {
      least = Math.min(least, allocated(reading)); // the first loads classes
    }
    if (least > MEMORY) {
      throw new AssertionError("took more than " + (MEMORY >> 20) + " MiB");
    }
  }

  private static long allocated(Reading reading) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      reading.run();
    } catch (Refusal refusal) {
      for (Throwable cause = refusal; cause != null; cause = cause.getCause()) {
        if (cause instanceof OutOfMemoryError) {
          throw new AssertionError("more memory than there is was asked for", refusal);
        }
      }
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}
