package etesian.pipeline.learn;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Says what cannot be used, when it is new. Not stored: after a restart it is said anew. */
final class Refusals {
  /** Evidence: values of the window that count as missing, as nobody can have seen them. */
  private static final String ABSURD_VALUES = "absurd_values";

  private final Set<String> told = new HashSet<>(); // weights
  private boolean doubting; // the window before held absurd values
  private boolean stuck; // the field before was

  /**
   * Weights that cannot be used, for instance of another architecture or grid.
   *
   * @param failures why, by hash; all those of a window
   */
  void unusable(Map<String, String> failures, EventLog log) {
    told.retainAll(failures.keySet());
    failures.forEach(
        (sha256, why) -> {
          if (told.add(sha256)) {
            log.refused(sha256, why, Map.of());
          }
        });
  }

  /**
   * Values of a window that count as missing, as nobody can have seen them.
   *
   * @param absurd how many they are
   */
  void doubt(int absurd, EventLog log) {
    if (absurd > 0 && !doubting) {
      log.refused(
          null,
          String.format(
              "values that are further from normal than any instrument has seen count as missing,"
                  + " %d of this window: a fill value that is not declared, or another unit?",
              absurd),
          Map.of(ABSURD_VALUES, (double) absurd));
    }
    doubting = absurd > 0;
  }

  /**
   * Fields that repeat each other.
   *
   * @param why empty when the newest does not
   */
  void stuck(Optional<String> why, EventLog log) {
    if (!stuck) {
      why.ifPresent(said -> log.refused(null, said, Map.of()));
    }
    stuck = why.isPresent();
  }
}
