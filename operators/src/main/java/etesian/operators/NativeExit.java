package etesian.operators;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;

/**
 * How the process ends. A JVM that is told to stop runs its shutdown hooks and then, while Java
 * threads go on inside libtorch, the destructors of native libraries: whoever computes at that
 * moment finds its tables gone, and an interrupted training ends in SIGSEGV and a crash report.
 */
final class NativeExit {
  private NativeExit() {}

  /**
   * From now on the process ends when the JVM is done, with its status, before any destructor of
   * the libraries that are loaded. Handlers run last in, first out: to be called after loading.
   * Does nothing where the C library has no {@code on_exit}, that is elsewhere than on Linux with
   * glibc.
   */
  static void beforeDestructors() {
    if (!Platform.isLinux()) {
      return;
    }
    try {
      NativeLibrary c = NativeLibrary.getInstance(Platform.C_LIBRARY_NAME);
      // on_exit hands the status to its handler, as _exit wants it
      c.getFunction("on_exit").invokeInt(new Object[] {c.getFunction("_exit"), Pointer.NULL});
    } catch (LinkageError e) {
      // then it ends as the system ends it
    }
  }
}
