package etesian.ingest.supply;

import etesian.ingest.field.Check;
import java.time.Duration;

/**
 * How long a fetch waits, and how often it tries.
 *
 * @param attempts tries in a row without any gain after which it gives up, at least 1
 * @param firstPause before the second try; doubled each time, with a tenth of chance
 * @param longestPause between two tries, also where a server asks for more by {@code Retry-After}
 * @param firstPoll between the first two looks at a queued job; half as long again each time
 * @param longestPoll between two looks
 * @param silence for a connection, for an answer to begin, and between two reads of its body
 */
public record Patience(
    int attempts,
    Duration firstPause,
    Duration longestPause,
    Duration firstPoll,
    Duration longestPoll,
    Duration silence) {
  public Patience {
    Check.that(attempts >= 1, "at least one attempt is needed, got %d", attempts);
    rising(firstPause, longestPause, "pauses between attempts");
    rising(firstPoll, longestPoll, "pauses between polls");
    Check.that(silence.toMillis() > 0, "the longest silence must be positive, got %s", silence);
  }

  /** Eight tries in two minutes; polls from every second to every two minutes. */
  public static Patience usual() {
    return new Patience(
        8,
        Duration.ofSeconds(1),
        Duration.ofMinutes(2),
        Duration.ofSeconds(1),
        Duration.ofMinutes(2),
        Duration.ofMinutes(1));
  }

  private static void rising(Duration first, Duration longest, String what) {
    Check.that(
        first.toMillis() > 0 && first.compareTo(longest) < 0,
        "%s must be positive and rise, got %s to %s",
        what,
        first,
        longest);
  }
}
