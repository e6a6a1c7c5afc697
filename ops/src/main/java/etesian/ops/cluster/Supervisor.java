package etesian.ops.cluster;

import java.time.Duration;
import java.util.List;

/** Starts again what dies, half a second later, as a service manager would. */
final class Supervisor implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration DELAY = Duration.ofMillis(500);

  private final List<JvmProcess> processes;
  private final Thread thread = new Thread(this::watch, "etesian-supervisor");
  private volatile boolean closed;

  Supervisor(List<JvmProcess> processes) {
    this.processes = processes;
    thread.setDaemon(true);
  }

  /** From now on. */
  void start() {
    thread.start();
  }

  private void watch() {
    try {
      while (!closed) {
        for (JvmProcess process : processes) {
          if (!process.isAlive()) {
            Thread.sleep(DELAY.toMillis());
            process.start();
          }
        }
        Thread.sleep(POLL.toMillis());
      }
    } catch (InterruptedException end) {
      // closed
    }
  }

  /** Leaves the processes as they are. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
