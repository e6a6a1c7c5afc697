package etesian.pipeline.tune;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;

/**
 * How much of the processor a thread gets while others want it. Java's own priorities change
 * nothing on Linux unless the whole virtual machine is told so; there each thread has a policy and
 * a niceness.
 */
final class Niceness {
  /**
   * {@code SCHED_IDLE}: others that wake take the processor at once. The greatest niceness alone
   * gives lessons as small a share, but lets them end their time slice of some milliseconds first,
   * and each step of a forecast waits for several (docs/benchmarks.md).
   */
  private static final int LEFT_OVER = 5;

  /** Where the policy may not be chosen. On a machine that is full for long, neither learns. */
  private static final int GREATEST = 19;

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
    try (Memory parameters = new Memory(Integer.BYTES)) {
      parameters.setInt(0, 0); // the only priority of this policy
      return done("setpriority", THREAD, THIS_ONE, GREATEST)
          | done("sched_setscheduler", THIS_ONE, LEFT_OVER, parameters);
    } catch (LinkageError e) {
      return false; // JNA has nothing for this processor, or may not load it
    }
  }

  private static boolean done(String function, Object... arguments) {
    return NativeLibrary.getInstance(Platform.C_LIBRARY_NAME)
            .getFunction(function)
            .invokeInt(arguments)
        == 0;
  }
}
