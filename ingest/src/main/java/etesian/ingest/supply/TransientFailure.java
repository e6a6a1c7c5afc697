package etesian.ingest.supply;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Something that may pass: a lost connection, a busy server. */
final class TransientFailure extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Optional<Duration> retryAfter;
  private final boolean progressed;

  private TransientFailure(
      String message, Throwable cause, Optional<Duration> retryAfter, boolean progressed) {
    super(message, cause);
    this.retryAfter = retryAfter;
    this.progressed = progressed;
  }

  static TransientFailure of(String message) {
    return new TransientFailure(message, null, Optional.empty(), false);
  }

  static TransientFailure of(String message, IOException cause) {
    return new TransientFailure(message, cause, Optional.empty(), false);
  }

  /** The server said how long it wants to be left alone. */
  static TransientFailure busy(String message, Optional<Duration> retryAfter) {
    return new TransientFailure(message, null, retryAfter, false);
  }

  /** Something was gained before it failed, so that earlier failures no longer count. */
  static TransientFailure afterProgress(String message, IOException cause) {
    return new TransientFailure(message, cause, Optional.empty(), true);
  }

  Optional<Duration> retryAfter() {
    return retryAfter;
  }

  boolean progressed() {
    return progressed;
  }
}
