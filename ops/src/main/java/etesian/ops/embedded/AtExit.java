package etesian.ops.embedded;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Closes what is still open when the JVM ends, newest first. One hook for all: hooks of their own
 * would run at the same time, and a broker that loses its folder while it runs halts the process.
 */
public final class AtExit {
  private static final Deque<AutoCloseable> OPEN = new ArrayDeque<>();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(AtExit::closeAll, "etesian-at-exit"));
  }

  private AtExit() {}

  public static synchronized void register(AutoCloseable resource) {
    OPEN.push(resource);
  }

  /** To be called by {@code close}, so that nothing is held longer than it lives. */
  public static synchronized void forget(AutoCloseable resource) {
    OPEN.remove(resource);
  }

  private static void closeAll() {
    while (true) {
      AutoCloseable next;
      synchronized (AtExit.class) {
        next = OPEN.poll();
      }
      if (next == null) {
        return;
      }
      try {
        next.close();
      } catch (Exception e) {
        System.err.println("at exit: " + next + ": " + e.getMessage()); // loggers are shut by now
      }
    }
  }
}
