package etesian.pipeline.forecast;

import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.ChampionTimeline;
import etesian.pipeline.learn.ModelEvent;
import etesian.pipeline.types.CodecType;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.Types;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The champions that a stream was told of, in broadcast state, and what came of trying them: a
 * champion is tried when it is announced. Weights that do not load as weights of the stream are
 * refused: the champion before goes on serving, which is logged, told and remembered in state until
 * they are announced again. Weights that cannot be read at the moment are asked for again, with
 * growing pauses, before they are refused. What rollouts make of it is up to the {@link Roster}.
 * Called from the mailbox.
 */
final class AnnouncedChampions {
  private static final Logger LOG = LoggerFactory.getLogger(AnnouncedChampions.class);

  private final String stream;
  private final BroadcastState<Long, Champion> champions; // by effective_from
  private final BroadcastState<String, String> refused; // why, by hash
  private final Roster roster;
  private final Patience patience;
  private final Consumer<ModelEvent> refusals;
  private final Queue<String> untried = new ArrayDeque<>(); // hashes of their weights

  /**
   * The champions of the state and, for issue times that it does not know, those at the start; of
   * several with the same issue time the last, as it would be in a job that hears of them.
   *
   * @param championsAtStart in the order of their records
   * @param roster is told of each
   * @param firstPause before weights that cannot be read are asked for again
   * @param refusals told when weights are refused
   */
  AnnouncedChampions(
      String stream,
      OperatorStateStore state,
      List<Champion> championsAtStart,
      Roster roster,
      Duration firstPause,
      Consumer<ModelEvent> refusals)
      throws Exception {
    this.stream = stream;
    this.roster = roster;
    this.patience = new Patience(firstPause);
    this.refusals = refusals;
    champions =
        state.getBroadcastState(
            new MapStateDescriptor<>(
                "champions",
                Types.LONG,
                new CodecType<>(Champion.class, new Champion.ChampionCodec())));
    refused =
        state.getBroadcastState(new MapStateDescriptor<>("refused", Types.STRING, Types.STRING));
    for (Champion champion : ChampionTimeline.lastOfEachTime(championsAtStart).values()) {
      if (!champions.contains(champion.effectiveFrom().toEpochMilli())) {
        remember(champion); // what a restored job knows of an issue time wins
      }
    }
    for (Map.Entry<Long, Champion> entry : champions.entries()) {
      roster.learn(entry.getValue());
    }
    for (Map.Entry<String, String> entry : refused.immutableEntries()) {
      roster.refuse(entry.getKey());
    }
  }

  private void remember(Champion champion) throws Exception {
    champions.put(champion.effectiveFrom().toEpochMilli(), champion);
  }

  /** One more is announced. */
  void announce(Champion champion) throws Exception {
    remember(champion);
    roster.learn(champion);
    refused.remove(champion.weightsSha256()); // whoever announces weights again means them
    untried.add(champion.weightsSha256());
  }

  /** A restart is a reason to look again at weights that rollouts in their middle wait for. */
  void tryMissedAgain() {
    untried.addAll(roster.missed());
  }

  /** Weights that are to be tried next; they count as tried. */
  Optional<String> nextUntried() {
    return Optional.ofNullable(untried.poll());
  }

  /** Weights have loaded. */
  void goWith(String sha256) throws Exception {
    patience.forget(sha256);
    if (!roster.isUsable(sha256)) {
      roster.restore(sha256);
      refused.remove(sha256);
      LOG.info("stream {}: the weights {} can be used now", stream, sha256);
    }
  }

  /**
   * Weights have not loaded: a file may come back, what is wrong in it stays wrong.
   *
   * @return the pause before {@link #tryAgain} is due, if it is
   */
  Optional<Duration> goWithout(String sha256, RuntimeException why) throws Exception {
    if (why instanceof UncheckedIOException) {
      if (patience.isPausing(sha256)) {
        return Optional.empty();
      }
      Optional<Duration> pause = patience.pause(sha256);
      if (pause.isPresent()) {
        hold(sha256, why, pause.get());
        return pause;
      }
    }
    refuse(sha256, why);
    return Optional.empty();
  }

  private void hold(String sha256, RuntimeException why, Duration pause) {
    roster.hold(sha256);
    LOG.warn(
        "stream {}: the weights {} cannot be read and are asked for again in {}; until then {}: {}",
        stream,
        sha256,
        pause,
        instead(sha256),
        why.getMessage());
  }

  /** The pause of weights has passed. */
  void tryAgain(String sha256) {
    patience.passed(sha256);
    untried.add(sha256);
  }

  /** Whether weights may come back that something needs. */
  boolean isWorthWaiting() {
    return patience.isPausing() && roster.isShortOfWeights();
  }

  private void refuse(String sha256, RuntimeException why) throws Exception {
    patience.forget(sha256);
    roster.refuse(sha256);
    String reason = why.getMessage() == null ? why.toString() : why.getMessage();
    refused.put(sha256, reason);
    String instead = instead(sha256);
    LOG.error("stream {}: the weights {} are refused, {}: {}", stream, sha256, instead, reason);
    refusals.accept(
        new ModelEvent(
            ModelEvent.Kind.REFUSED,
            Instant.now(),
            stream,
            roster.modelOf(sha256),
            sha256,
            null,
            roster.champion(sha256).map(Champion::parent).orElse(null),
            null,
            "announced weights cannot be used, " + instead + ": " + reason,
            Map.of(),
            ModelEvent.FORECASTS));
  }

  /** What happens to the issue times that weights were announced for, when they cannot serve. */
  private String instead(String sha256) {
    return roster
        .champion(sha256)
        .flatMap(champion -> roster.championAt(champion.effectiveFrom()))
        .map(serving -> serving.weightsSha256() + " serves on")
        .orElse("windows wait, as there are no others");
  }
}
