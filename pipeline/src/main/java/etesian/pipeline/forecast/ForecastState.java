package etesian.pipeline.forecast;

import etesian.pipeline.types.CodecType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;

/**
 * The keyed state of forecasts, by issue time: the rollouts on their way, and what has gone out of
 * each. Every method sets the key: a letter to the mailbox has none of its own.
 */
final class ForecastState {
  private static final String ROLLOUT = "rollout";
  private static final String ISSUED = "issued";

  private final KeyedStateBackend<Long> keys; // issue times, ms since 1970
  private final ValueState<Rollout> rollouts;
  private final ValueState<Issued> issuedState;
  private final NavigableMap<Long, Issued> issued = new TreeMap<>(); // as in the state

  ForecastState(KeyedStateStore store, KeyedStateBackend<Long> keys) {
    this.keys = keys;
    rollouts =
        store.getState(
            new ValueStateDescriptor<>(
                ROLLOUT, new CodecType<>(Rollout.class, new Rollout.RolloutCodec())));
    issuedState =
        store.getState(
            new ValueStateDescriptor<>(
                ISSUED, new CodecType<>(Issued.class, new Issued.IssuedCodec())));
  }

  /** Reads what a checkpoint holds and returns its rollouts. */
  List<Rollout> restore() throws Exception {
    for (Long issueTime : keysOf(ISSUED)) {
      keys.setCurrentKey(issueTime);
      issued.put(issueTime, issuedState.value());
    }
    List<Rollout> restored = new ArrayList<>();
    for (Long issueTime : keysOf(ROLLOUT)) {
      keys.setCurrentKey(issueTime);
      restored.add(rollouts.value());
    }
    return restored;
  }

  private List<Long> keysOf(String name) {
    try (var found = keys.getKeys(name, VoidNamespace.INSTANCE)) {
      return found.toList();
    }
  }

  /** Keeps a rollout in the place of that of its issue time. */
  void put(Rollout rollout) throws Exception {
    keys.setCurrentKey(rollout.issueTime().toEpochMilli());
    rollouts.update(rollout);
  }

  /** A rollout does not go on. */
  void remove(Rollout rollout) {
    keys.setCurrentKey(rollout.issueTime().toEpochMilli());
    rollouts.clear();
  }

  /** What has gone out of an issue time. */
  Issued issued(Instant issueTime) {
    return issued.getOrDefault(issueTime.toEpochMilli(), Issued.NOTHING);
  }

  void putIssued(Instant issueTime, Issued now) throws Exception {
    keys.setCurrentKey(issueTime.toEpochMilli());
    issued.put(issueTime.toEpochMilli(), now);
    issuedState.update(now);
  }

  /** Lets go what was issued before a time, but for issue times that are still under way. */
  void forgetIssuedBefore(Instant oldest, Predicate<Instant> underWay) {
    Iterator<Long> past = issued.headMap(oldest.toEpochMilli(), false).keySet().iterator();
    while (past.hasNext()) {
      Long issueTime = past.next();
      if (!underWay.test(Instant.ofEpochMilli(issueTime))) {
        past.remove();
        keys.setCurrentKey(issueTime);
        issuedState.clear();
      }
    }
  }
}
