package etesian.pipeline.forecast;

import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.ChampionTimeline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Who runs and who waits. Oldest issue time first, so that held watermarks move; a batch holds
 * rollouts of the same weights only. No Flink, no threads: called from the mailbox.
 */
final class Roster {
  private final int maxActive;
  private final int maxBatch;
  private final long activeBytes;
  private final ChampionTimeline champions = new ChampionTimeline();
  private final NavigableMap<Instant, Rollout> waiting = new TreeMap<>();
  private final NavigableMap<Instant, Rollout> active = new TreeMap<>();
  private long waitingBytes;

  /**
   * @param maxActive rollouts that have begun at any time
   * @param maxBatch runs in one step of the device, members of ensembles being runs of their own;
   *     an ensemble with more is a batch by itself
   * @param activeBytes that rollouts which have begun may carry together; one always may begin
   */
  Roster(int maxActive, int maxBatch, long activeBytes) {
    this.maxActive = maxActive;
    this.maxBatch = maxBatch;
    this.activeBytes = activeBytes;
  }

  void learn(Champion champion) {
    champions.add(champion);
  }

  /**
   * Takes a rollout in, new or restored. One of the same issue time is abandoned.
   *
   * @return whether one was
   */
  boolean add(Rollout rollout) {
    if (rollout.hasBegun()) {
      return active.put(rollout.issueTime(), rollout) != null;
    }
    boolean abandoned = active.remove(rollout.issueTime()) != null;
    Rollout replaced = waiting.put(rollout.issueTime(), rollout);
    waitingBytes += rollout.bytes() - (replaced == null ? 0 : replaced.bytes());
    return abandoned || replaced != null;
  }

  /** Whether a rollout that was in a batch still runs: it may have been abandoned meanwhile. */
  boolean isRunning(Rollout rollout) {
    Rollout now = active.get(rollout.issueTime());
    return now != null && now.revision() == rollout.revision();
  }

  /** Whether the forecast of an issue time is under way. */
  boolean has(Instant issueTime) {
    return active.containsKey(issueTime) || waiting.containsKey(issueTime);
  }

  /** The rollouts of the next step: begun, of one model, oldest issue time first; maybe none. */
  List<Rollout> nextBatch() {
    admit();
    List<Rollout> batch = new ArrayList<>();
    int runs = 0;
    for (Rollout rollout : active.values()) {
      if (batch.isEmpty() || rollout.weightsSha256().equals(batch.get(0).weightsSha256())) {
        if (!batch.isEmpty() && runs + rollout.runs() > maxBatch) {
          break;
        }
        batch.add(rollout);
        runs += rollout.runs();
      }
    }
    return batch;
  }

  private void admit() {
    long carried = active.values().stream().mapToLong(Rollout::bytesOnceBegun).sum();
    Iterator<Rollout> candidates = waiting.values().iterator();
    while (active.size() < maxActive && candidates.hasNext()) {
      Rollout rollout = candidates.next();
      if (!active.isEmpty() && carried + rollout.bytesOnceBegun() > activeBytes) {
        break;
      }
      Optional<Champion> champion = champions.at(rollout.issueTime());
      if (champion.isPresent()) {
        candidates.remove();
        waitingBytes -= rollout.bytes();
        carried += rollout.bytesOnceBegun();
        active.put(rollout.issueTime(), rollout.begin(champion.get()));
      }
    }
  }

  /** A step was applied: the rollout goes on from here. */
  void advance(Rollout after) {
    active.put(after.issueTime(), after);
  }

  /** A rollout has reached its horizon. */
  void finish(Rollout rollout) {
    active.remove(rollout.issueTime());
  }

  /** Oldest issue time whose forecast is not complete. */
  OptionalLong oldestIssueMillis() {
    OptionalLong oldest = OptionalLong.empty();
    if (!active.isEmpty()) {
      oldest = OptionalLong.of(active.firstKey().toEpochMilli());
    }
    if (!waiting.isEmpty()) {
      long first = waiting.firstKey().toEpochMilli();
      oldest = OptionalLong.of(Math.min(first, oldest.orElse(first)));
    }
    return oldest;
  }

  int active() {
    return active.size();
  }

  int waiting() {
    return waiting.size();
  }

  long waitingBytes() {
    return waitingBytes;
  }
}
