package etesian.ingest.supply;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A body that fails when it stays silent too long. The time limit of {@link
 * java.net.http.HttpRequest} ends with the headers; without this a server that stops in the middle
 * of a file would hold us for ever.
 */
final class Watched extends FilterInputStream {
  private static final ScheduledThreadPoolExecutor WATCH = watch();
  private static final long IDLE = Long.MIN_VALUE;

  private final Duration silence;
  private final ScheduledFuture<?> look;
  private volatile long readingSinceNanos = IDLE;
  private volatile boolean silent;

  Watched(InputStream body, Duration silence) {
    super(body);
    this.silence = silence;
    long every = Math.max(1, silence.toMillis() / 4);
    this.look = WATCH.scheduleWithFixedDelay(this::look, every, every, TimeUnit.MILLISECONDS);
  }

  private static ScheduledThreadPoolExecutor watch() {
    ScheduledThreadPoolExecutor watch =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "etesian-fetch-watch");
              thread.setDaemon(true);
              return thread;
            });
    watch.setRemoveOnCancelPolicy(true);
    return watch;
  }

  private void look() {
    long since = readingSinceNanos;
    if (since != IDLE && System.nanoTime() - since > silence.toNanos()) {
      silent = true;
      try {
        in.close(); // wakes the reader
      } catch (IOException e) {
        // the reader is told by the flag
      }
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    readingSinceNanos = System.nanoTime();
    int count;
    try {
      count = in.read(target, offset, length);
    } catch (IOException e) {
      throw silent ? new IOException("no data for " + silence.toSeconds() + " s", e) : e;
    } finally {
      readingSinceNanos = IDLE;
    }
    if (count < 0 && silent) {
      throw new IOException("no data for " + silence.toSeconds() + " s");
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    look.cancel(false);
    super.close();
  }
}
