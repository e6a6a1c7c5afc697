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
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who runs and who waits. Oldest issue time first, so that held watermarks move; a batch holds
 * rollouts of the same weights only. Where weights cannot be used, a rollout that has not moved
 * begins with those of the champion before; one that has moved is stranded until they can. No
 * Flink, no threads: called from the mailbox.
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

  /** The champion with given weights, as far as known. */
  Optional<Champion> champion(String sha256) {
    return champions.named(sha256);
  }

  /** Architecture of weights that a champion or a rollout names. */
  String modelOf(String sha256) {
    return champion(sha256)
        .map(Champion::model)
        .or(
            () ->
                active.values().stream()
                    .filter(rollout -> rollout.weightsSha256().equals(sha256))
                    .findFirst()
                    .map(Rollout::model))
        .orElseThrow();
  }

  /** Who serves an issue time now. */
  Optional<Champion> championAt(Instant issueTime) {
    return champions.at(issueTime);
  }

  /** Weights that cannot be had at the moment. */
  void hold(String sha256) {
    champions.hold(sha256);
    waitAgain(sha256);
  }

  /** Weights that are of no use. */
  void refuse(String sha256) {
    champions.refuse(sha256);
    waitAgain(sha256);
  }

  /** Whether weights can be used, for all that is known. */
  boolean isUsable(String sha256) {
    return champions.isUsable(sha256);
  }

  /** Weights that can be used. */
  void restore(String sha256) {
    champions.restore(sha256);
  }

  private void waitAgain(String sha256) {
    List<Rollout> unmoved =
        active.values().stream()
            .filter(rollout -> rollout.weightsSha256().equals(sha256) && !rollout.hasMoved())
            .toList();
    for (Rollout rollout : unmoved) {
      active.remove(rollout.issueTime());
      add(rollout.unbegun());
    }
  }

  private boolean isStranded(Rollout rollout) {
    return !champions.isUsable(rollout.weightsSha256());
  }

  private Stream<Rollout> running() {
    return active.values().stream().filter(rollout -> !isStranded(rollout));
  }

  /** Weights that rollouts in their middle wait for. */
  Set<String> missed() {
    return active.values().stream()
        .filter(this::isStranded)
        .map(Rollout::weightsSha256)
        .collect(Collectors.toSet());
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
    for (Rollout rollout : running().toList()) {
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
    long begun = running().count();
    long carried = running().mapToLong(Rollout::bytesOnceBegun).sum();
    Iterator<Rollout> candidates = waiting.values().iterator();
    while (begun < maxActive && candidates.hasNext()) {
      Rollout rollout = candidates.next();
      if (begun > 0 && carried + rollout.bytesOnceBegun() > activeBytes) {
        break;
      }
      Optional<Champion> champion = champions.at(rollout.issueTime());
      if (champion.isPresent()) {
        candidates.remove();
        waitingBytes -= rollout.bytes();
        carried += rollout.bytesOnceBegun();
        begun++;
        active.put(rollout.issueTime(), rollout.begin(champion.get()));
      }
    }
  }

  /** A step was applied: the rollout goes on from here. */
  void advance(Rollout after) {
    active.put(after.issueTime(), after);
  }

  /** Whether any rollout cannot go on for want of weights. */
  boolean isShortOfWeights() {
    return waiting() > 0 || !missed().isEmpty();
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

  /** Rollouts in their middle that cannot go on. */
  long stranded() {
    return active.values().stream().filter(this::isStranded).count();
  }

  int waiting() {
    return waiting.size();
  }

  long waitingBytes() {
    return waitingBytes;
  }
}
