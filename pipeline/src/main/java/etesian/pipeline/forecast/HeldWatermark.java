package etesian.pipeline.forecast;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The watermark of the forecasts, which carry their issue time as stream timestamp: min(input,
 * oldest incomplete issue time − 1 ms). When it has passed t, every forecast issued at or before t
 * is out. In ms since 1970.
 */
final class HeldWatermark {
  private long input = Long.MIN_VALUE;
  private long output = Long.MIN_VALUE;

  /** The watermark of the windows has moved. */
  void advance(long timestamp) {
    input = timestamp;
  }

  long input() {
    return input;
  }

  /** Time of the windows; empty before it has begun, and when it has come to its end. */
  Optional<Instant> now() {
    return input == Long.MIN_VALUE || input == Long.MAX_VALUE
        ? Optional.empty()
        : Optional.of(Instant.ofEpochMilli(input));
  }

  /**
   * The watermark that can be told now; empty when it has not moved since.
   *
   * @param oldestIncomplete issue time, if any forecast is under way
   */
  OptionalLong release(OptionalLong oldestIncomplete) {
    long held = oldestIncomplete.isPresent() ? oldestIncomplete.getAsLong() - 1 : Long.MAX_VALUE;
    long mark = Math.min(input, held);
    if (mark <= output) {
      return OptionalLong.empty();
    }
    output = mark;
    return OptionalLong.of(mark);
  }
}
