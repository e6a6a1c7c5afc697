package etesian.pipeline.tune;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;

/**
 * How much of the processor a thread gets while others want it. Java's own priorities change
 * nothing on Linux unless the whole virtual machine is told so; there each thread has a niceness.
 */
final class Niceness {
  /**
   * The greatest: what is left over. With 10, a tenth of a share, lessons held up one forecast in
   * twenty for as long again (docs/benchmarks.md); on a machine that is full for long, a stream
   * does not learn.
   */
  private static final int GENTLE = 19;

  /** {@code PRIO_PROCESS}, and the calling thread. */
  private static final int THREAD = 0;

  private static final int THIS_ONE = 0;

  private Niceness() {}

  /**
   * Lets all other threads compute first, from now on and for good.
   *
   * @return whether the system does so; elsewhere than on Linux nothing is changed, as it would be
   *     the whole process
   */
  static boolean giveWay() {
    if (!Platform.isLinux()) {
      return false;
    }
    try {
      return NativeLibrary.getInstance(Platform.C_LIBRARY_NAME)
              .getFunction("setpriority")
              .invokeInt(new Object[] {THREAD, THIS_ONE, GENTLE})
          == 0;
    } catch (LinkageError e) {
      return false; // JNA has nothing for this processor, or may not load it
    }
  }
}
