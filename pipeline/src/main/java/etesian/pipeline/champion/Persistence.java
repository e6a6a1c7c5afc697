package etesian.pipeline.champion;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries again what a store refuses for a moment, on the thread that asks: four times, after pauses
 * of which each is twice the one before. A store whose client itself tries for long is asked no
 * more after half a minute.
 */
final class Persistence {
  private static final Logger LOG = LoggerFactory.getLogger(Persistence.class);

  /** With it the pauses are a quarter of a minute in all. */
  static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  private static final int PAUSES = 4;
  private static final Duration LONGEST = Duration.ofSeconds(30);

  /** What may fail for a moment. */
  interface Request<T> {
    T ask() throws IOException;
  }

  private Persistence() {}

  /**
   * @param what is asked, for the log
   * @throws IOException of the last try; of the first one when the thread is interrupted, or when
   *     it is a {@link FileSystemException}: a file that is not there, a folder that is a file and
   *     the like do not pass
   */
  static <T> T demand(String what, Request<T> request, Duration firstPause) throws IOException {
    RetryPolicy<T> again =
        RetryPolicy.<T>builder()
            .handleIf(Persistence::mayPass)
            .withMaxRetries(PAUSES)
            .withMaxDuration(LONGEST)
            .withBackoff(firstPause, firstPause.multipliedBy(1L << PAUSES))
            .onRetryScheduled(
                event ->
                    LOG.warn(
                        "{}: {}; trying again in {} ms",
                        what,
                        event.getLastException().getMessage(),
                        event.getDelay().toMillis()))
            .build();
    try {
      return Failsafe.with(again).get(request::ask);
    } catch (FailsafeException e) { // around what is checked
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      InterruptedIOException interrupted = new InterruptedIOException("interrupted in a pause");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  private static boolean mayPass(Throwable failure) {
    return failure instanceof IOException
        && !(failure instanceof FileSystemException)
        && !Thread.currentThread().isInterrupted();
  }
}
