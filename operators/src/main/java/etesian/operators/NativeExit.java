package etesian.operators;

import com.sun.jna.Function;
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
   * From now on the process ends when the JVM is done, with its status, before the destructors of
   * the libraries that are loaded. Handlers run last in, first out: to be called after loading; and
   * once more when the hooks run, as libraries have also made things since. Does nothing where the
   * C library has no {@code on_exit}, that is elsewhere than on Linux with glibc.
   */
  static void beforeDestructors() {
    if (!Platform.isLinux()) {
      return;
    }
    try {
      NativeLibrary c = NativeLibrary.getInstance(Platform.C_LIBRARY_NAME);
      Function onExit = c.getFunction("on_exit");
      // It hands the status to its handler, as _exit wants it.
      Object[] handler = {c.getFunction("_exit"), Pointer.NULL};
      onExit.invokeInt(handler);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> onExit.invokeInt(handler)));
    } catch (LinkageError | IllegalStateException e) {
      // Then it ends as the system ends it; or it is ending already.
    }
  }
}
