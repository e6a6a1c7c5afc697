package etesian.pipeline.forecast;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The one thread of this process that computes on the device: operators of several streams take
 * turns, step by step, instead of fighting for the same cores or the same GPU.
 */
final class DeviceThread {
  private static ExecutorService thread;
  private static int users;

  private DeviceThread() {}

  /** Joins; {@link #leave} must follow. */
  static synchronized ExecutorService join() {
    if (users++ == 0) {
      thread =
          Executors.newSingleThreadExecutor(
              work -> {
                Thread t = new Thread(work, "etesian-device");
                t.setDaemon(true);
                return t;
              });
    }
    return thread;
  }

  static synchronized void leave() {
    if (--users == 0) {
      thread.shutdown();
      thread = null;
    }
  }
}
