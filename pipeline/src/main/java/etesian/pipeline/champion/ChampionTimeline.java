package etesian.pipeline.champion;

import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All champions of one stream. Which one a rollout begins with is decided by its issue time alone,
 * never by the order in which champions arrived.
 */
public final class ChampionTimeline {
  private final NavigableMap<Instant, Champion> byEffectiveTime = new TreeMap<>();

  /**
   * A later record for the same effective time replaces the earlier one. The champions before that
   * a record knows of fill the places of which no record of their own is left.
   */
  public void add(Champion champion) {
    byEffectiveTime.put(champion.effectiveFrom(), champion);
    champion.before().forEach(c -> byEffectiveTime.putIfAbsent(c.effectiveFrom(), c));
  }

  /**
   * The champion that serves an issue time: the last one effective by then. Before the first known
   * one, that one: the compacted topic may have forgotten who served there. Empty while none is
   * known.
   */
  public Optional<Champion> at(Instant issueTime) {
    Map.Entry<Instant, Champion> serving = byEffectiveTime.floorEntry(issueTime);
    return Optional.ofNullable(serving == null ? byEffectiveTime.firstEntry() : serving)
        .map(Map.Entry::getValue);
  }
}
