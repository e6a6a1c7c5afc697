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

  /** A later record for the same effective time replaces the earlier one. */
  public void add(Champion champion) {
    byEffectiveTime.put(champion.effectiveFrom(), champion);
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
