package etesian.pipeline.champion;

import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * All champions of one stream. Which one a rollout begins with is decided by its issue time and by
 * whose weights can be used, never by the order in which champions arrived.
 */
public final class ChampionTimeline {
  private final NavigableMap<Instant, Champion> byEffectiveTime = new TreeMap<>();
  private final Set<String> refused = new HashSet<>();
  private final Set<String> away = new HashSet<>();

  /**
   * What records tell that were read one after the other: for each effective time the last of them.
   *
   * @param records of one stream, in their order
   * @return by effective time, the earliest first
   */
  public static NavigableMap<Instant, Champion> lastOfEachTime(List<Champion> records) {
    NavigableMap<Instant, Champion> last = new TreeMap<>();
    records.forEach(record -> last.put(record.effectiveFrom(), record));
    return last;
  }

  /**
   * A later record for the same effective time replaces the earlier one. The champions before that
   * a record knows of fill the places of which no record of their own is left.
   */
  public void add(Champion champion) {
    byEffectiveTime.put(champion.effectiveFrom(), champion);
    champion.before().forEach(c -> byEffectiveTime.putIfAbsent(c.effectiveFrom(), c));
  }

  /** Weights that cannot be had at the moment: the champion before them serves meanwhile. */
  public void hold(String sha256) {
    away.add(sha256);
  }

  /** Weights that are of no use: whoever names them is passed over. */
  public void refuse(String sha256) {
    away.remove(sha256);
    refused.add(sha256);
  }

  /** Weights that can be used after all. */
  public void restore(String sha256) {
    away.remove(sha256);
    refused.remove(sha256);
  }

  /** Whether weights can be used, for all that is known. */
  public boolean isUsable(String sha256) {
    return !refused.contains(sha256) && !away.contains(sha256);
  }

  /**
   * The champion that serves an issue time: the last usable one effective by then. Before the first
   * of them, that one: the compacted topic may have forgotten who served there. Empty while there
   * is none, and while the only one effective by then is {@link #hold held}.
   */
  public Optional<Champion> at(Instant issueTime) {
    Collection<Champion> effective =
        byEffectiveTime.headMap(issueTime, true).descendingMap().values();
    Optional<Champion> serving = firstUsable(effective);
    if (serving.isPresent() || effective.stream().anyMatch(c -> away.contains(c.weightsSha256()))) {
      return serving;
    }
    return firstUsable(byEffectiveTime.tailMap(issueTime, false).values());
  }

  private Optional<Champion> firstUsable(Collection<Champion> champions) {
    return champions.stream().filter(c -> isUsable(c.weightsSha256())).findFirst();
  }

  /** The last champion with given weights. */
  public Optional<Champion> named(String sha256) {
    return byEffectiveTime.descendingMap().values().stream()
        .filter(champion -> champion.weightsSha256().equals(sha256))
        .findFirst();
  }
}
