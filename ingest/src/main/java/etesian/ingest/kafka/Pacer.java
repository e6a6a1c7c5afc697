package etesian.ingest.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;

/** When the next record is due. The clock starts with the first record. */
final class Pacer {
  private final Pace pace;
  private final LongSupplier nanoTime;
  private long start;
  private long sent;
  private Instant firstValidAt; // null before the first record of a replay

  Pacer(Pace pace, LongSupplier nanoTime) {
    this.pace = pace;
    this.nanoTime = nanoTime;
  }

  /**
   * Nanoseconds until a record may be sent, 0 or less for at once; to be called once a record.
   *
   * @param validAt of the record; empty when it has none, which is due at once in a replay
   */
  long wait(Optional<Instant> validAt) {
    if (sent++ == 0) {
      start = nanoTime.getAsLong();
    }
    if (pace instanceof Pace.Rate rate) {
      return Math.round((sent - 1) / rate.recordsPerSecond() * 1e9) - elapsed();
    }
    if (pace instanceof Pace.Replay replay && validAt.isPresent()) {
      if (firstValidAt == null) {
        firstValidAt = validAt.get();
        start = nanoTime.getAsLong();
      }
      Duration later = Duration.between(firstValidAt, validAt.get());
      double seconds = later.getSeconds() + later.getNano() / 1e9;
      return Math.round(seconds / replay.speed() * 1e9) - elapsed();
    }
    return 0;
  }

  private long elapsed() {
    return nanoTime.getAsLong() - start;
  }
}
