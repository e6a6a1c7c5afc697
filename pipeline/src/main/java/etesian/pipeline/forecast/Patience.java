package etesian.pipeline.forecast;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How often weights that cannot be read are asked for again, and after which pauses. */
final class Patience {
  /** With it the pauses are four minutes in all: longer than a store needs that starts again. */
  static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  private static final int PAUSES = 8;

  private final Duration firstPause;
  private final Map<String, Integer> taken = new HashMap<>();
  private final Set<String> pausing = new HashSet<>();

  /**
   * @param firstPause the next ones are twice as long each; after {@value #PAUSES} it is enough
   */
  Patience(Duration firstPause) {
    this.firstPause = firstPause;
  }

  /** Weights could not be read: the pause before they are asked for again; empty when enough. */
  Optional<Duration> pause(String sha256) {
    int before = taken.merge(sha256, 1, Integer::sum) - 1;
    if (before >= PAUSES) {
      taken.remove(sha256);
      return Optional.empty();
    }
    pausing.add(sha256);
    return Optional.of(firstPause.multipliedBy(1L << before));
  }

  /** Whether a pause for these weights has not passed yet. */
  boolean isPausing(String sha256) {
    return pausing.contains(sha256);
  }

  boolean isPausing() {
    return !pausing.isEmpty();
  }

  /** Its pause has passed. */
  void passed(String sha256) {
    pausing.remove(sha256);
  }

  /** It is known now what weights are good for. */
  void forget(String sha256) {
    taken.remove(sha256);
  }
}
