package etesian.pipeline.learn;

import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.WeightsStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which weights files may go. A job that fails and repeats itself leaves files that nobody ever
 * hears of, and candidates are rejected; everything that ever served stays, because a rollout in a
 * checkpoint, a savepoint that somebody kept or a rollback may name it.
 */
public final class Registry {
  private Registry() {}

  /**
   * What must stay: the champions with those before them, every weights that were promoted or
   * rolled back to, first weights, and candidates that were not rejected. A savepoint may still
   * name a candidate that was rejected later; a job restored from it that does not find the file
   * says so and goes on without it.
   *
   * @param champions all records of {@code etesian.champions}
   * @param events all records of {@code etesian.models}, oldest first
   */
  public static Set<String> named(List<Champion> champions, List<ModelEvent> events) {
    Set<String> named = new HashSet<>();
    Set<String> served = new HashSet<>();
    for (ModelEvent event : events) {
      String sha256 = event.weightsSha256();
      switch (event.event()) {
        case TRAINED, CANDIDATE -> named.add(sha256);
        case PROMOTED, ROLLED_BACK, ADOPTED -> served.add(sha256);
        case REJECTED -> named.remove(sha256);
        case REFUSED, DRIFT -> {}
      }
      if (event.parent() != null) {
        served.add(event.parent());
      }
    }
    for (Champion champion : champions) {
      served.add(champion.weightsSha256());
      champion.before().forEach(before -> served.add(before.weightsSha256()));
    }
    named.addAll(served);
    return named;
  }

  /**
   * Deletes the files that nobody names.
   *
   * @param youngest a file that was written within so long stays: its event may be on its way, in a
   *     transaction that is not yet committed
   * @return SHA-256 of the files that went
   */
  public static List<String> sweep(
      WeightsStore store, Set<String> named, Duration youngest, Instant now) {
    List<String> orphans = store.orphans(named, now.minus(youngest));
    orphans.forEach(store::delete);
    return orphans;
  }
}
