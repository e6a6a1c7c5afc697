package etesian.pipeline.verify;

import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.ingest.field.Variable;
import etesian.ingest.wire.Codec;
import etesian.ingest.wire.FieldCodec;
import etesian.pipeline.metrics.Meters;
import etesian.pipeline.metrics.Metric;
import etesian.pipeline.revision.Arrival;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.types.CodecType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flink adapter, keyed by stream and variable ({@link #keyOf}): state and timers here, every
 * decision in {@link Verifier} and {@link Arrival}. Forecasts carry their issue time as stream
 * timestamp, observations their valid time.
 *
 * <p>Elements only wait; the timer of a time works on what belongs to it, in this order: steps
 * valid now are scored, the references learn the observation, forecasts issued now get what the
 * references say. As the forecast operator holds its watermark below the oldest forecast under way,
 * nothing of a time can come after its timer unless it is late itself, and the scores of what is in
 * time do not depend on the order of arrival.
 *
 * <p>What comes later all the same is scored at once, within the retention of the stream: a revised
 * forecast, which keeps the references of the one it replaces; a better observation; a late one,
 * which the references do not learn any more. A pair that was scored before is taken out of the
 * sums, and its score is issued again.
 *
 * <p>A restored job may have other settings: what its state holds for another retention, other
 * leads, another grid or a variable that is none of the stream any more is let go before anything
 * else of a variable.
 */
public final class VerifyForecasts extends KeyedCoProcessFunction<String, Forecast, Field, Score> {
  private static final long serialVersionUID = 1L;

  /** Whose sums are kept in any case, the last ones scored: as many as a champion knows of. */
  static final int WEIGHTS_KEPT = 16;

  private static final Logger LOG = LoggerFactory.getLogger(VerifyForecasts.class);

  private final String stream;
  private final Verifier verifier;

  private transient MapState<Tuple2<Long, Integer>, PendingStep> steps; // by valid time and lead
  private transient MapState<Tuple2<Long, Integer>, Match> matches; // of the steps with a score
  private transient MapState<Long, Field> observations; // by valid time
  private transient MapState<Long, float[]> anomalies; // by valid time, of the last steps
  private transient ValueState<References> references;
  private transient ValueState<SkillTable> skill;
  private transient MapState<String, Long> scoredAt; // newest valid time, by weights
  private transient ValueState<Long> handled; // the newest time whose timer has fired

  private transient Set<String> adopted; // keys whose state goes with these settings

  private transient Counter scored;
  private transient Counter rescored;
  private transient Counter unverified;
  private transient Counter empty;
  private transient Counter lateForecasts;
  private transient Counter lateObservations;
  private transient SkillGauges gauges;

  public VerifyForecasts(StreamSettings stream) {
    this.stream = stream.name();
    this.verifier = new Verifier(stream);
  }

  /** Each variable of a stream is verified on its own. */
  public static String keyOf(String stream, Variable variable) {
    return stream + "/" + variable.name();
  }

  @Override
  public void open(OpenContext context) {
    steps = byStep("steps", PendingStep.class, new PendingStep.PendingStepCodec());
    matches = byStep("matches", Match.class, new Match.MatchCodec());
    observations = byTime("observations", new CodecType<>(Field.class, FieldCodec.INSTANCE));
    anomalies = byTime("anomalies", PrimitiveArrayTypeInfo.FLOAT_PRIMITIVE_ARRAY_TYPE_INFO);
    references = one("references", References.class, new References.ReferencesCodec());
    skill = one("skill", SkillTable.class, new SkillTable.SkillTableCodec());
    scoredAt =
        getRuntimeContext()
            .getMapState(new MapStateDescriptor<>("scored-at", Types.STRING, Types.LONG));
    handled = getRuntimeContext().getState(new ValueStateDescriptor<>("handled", Types.LONG));
    adopted = new HashSet<>();

    Meters metrics = Meters.of(getRuntimeContext().getMetricGroup()).with("stream", stream);
    scored = metrics.counter(Metric.PAIRS_SCORED_TOTAL);
    rescored = metrics.counter(Metric.PAIRS_RESCORED_TOTAL);
    unverified = metrics.counter(Metric.PAIRS_UNVERIFIED_TOTAL);
    empty = metrics.counter(Metric.PAIRS_WITHOUT_CELLS_TOTAL);
    lateForecasts = metrics.counter(Metric.VERIFY_FORECASTS_LATE_TOTAL);
    lateObservations = metrics.counter(Metric.VERIFY_OBSERVATIONS_LATE_TOTAL);
    gauges = new SkillGauges(metrics);
  }

  private <T> MapState<Tuple2<Long, Integer>, T> byStep(
      String name, Class<T> type, Codec<T> codec) {
    return getRuntimeContext()
        .getMapState(
            new MapStateDescriptor<>(
                name, Types.TUPLE(Types.LONG, Types.INT), new CodecType<>(type, codec)));
  }

  private <T> MapState<Long, T> byTime(String name, TypeInformation<T> type) {
    return getRuntimeContext().getMapState(new MapStateDescriptor<>(name, Types.LONG, type));
  }

  private <T> ValueState<T> one(String name, Class<T> type, Codec<T> codec) {
    return getRuntimeContext()
        .getState(new ValueStateDescriptor<>(name, new CodecType<>(type, codec)));
  }

  @Override
  public void processElement1(Forecast forecast, Context context, Collector<Score> out)
      throws Exception {
    adopt(context.getCurrentKey(), context.timerService());
    long now = timePassed(context.timerService());
    for (PendingStep step : verifier.stepsToVerify(forecast)) {
      if (isTooLate(step.validAt(), now)) {
        lateForecasts.inc();
      } else {
        receive(step, now, context.timerService(), out);
      }
    }
  }

  /** A step takes the place of an earlier revision, with its references. */
  private void receive(PendingStep step, long now, TimerService timers, Collector<Score> out)
      throws Exception {
    Tuple2<Long, Integer> key = key(step.validAt(), step.lead());
    PendingStep before = steps.get(key);
    if (before != null && before.revision() >= step.revision()) {
      return;
    }
    ReferenceFields known = before == null ? null : before.references();
    long issueTime = step.issueTime().toEpochMilli();
    if (issueTime > now) {
      timers.registerEventTimeTimer(issueTime);
    } else if (known == null) {
      lateForecasts.inc();
      known = ReferenceFields.NONE; // what they would have said then is not known any more
    }
    steps.put(key, step.with(known));
    timers.registerEventTimeTimer(letGoAt(key.f0));
    if (key.f0 > now) {
      timers.registerEventTimeTimer(key.f0);
    } else {
      score(key.f0, List.of(step.lead()), out);
    }
  }

  @Override
  public void processElement2(Field field, Context context, Collector<Score> out) throws Exception {
    Field observation = verifier.onGrid(field);
    if (verifier.leads().isEmpty()) {
      return; // a stream that is not verified learns no climatology
    }
    TimerService timers = context.timerService();
    adopt(context.getCurrentKey(), timers);
    Instant time = observation.frame().validAt();
    long validAt = time.toEpochMilli();
    long now = timePassed(timers);
    boolean isPast = validAt <= now;
    if (isPast && (isTooLate(time, now) || !verifier.isOnStep(time))) {
      lateObservations.inc();
      return;
    }
    Field before = observations.get(validAt);
    if (Arrival.of(observation, before).counts()) {
      observations.put(validAt, observation);
      timers.registerEventTimeTimer(letGoAt(validAt));
      if (isPast) {
        score(validAt, verifier.leads(), out);
      } else {
        timers.registerEventTimeTimer(validAt);
      }
    } else if (observation.revision() > before.revision()) {
      observations.put(validAt, observation); // the same values, final now
    }
  }

  @Override
  public void onTimer(long time, OnTimerContext context, Collector<Score> out) throws Exception {
    adopt(context.getCurrentKey(), context.timerService());
    Field observation = observations.get(time);
    if (observation == null) {
      countUnverified(time);
    }
    score(time, verifier.leads(), out);
    float[] anomaly = observation == null ? null : learn(time, observation);
    send(time, observation, anomaly);
    handled.update(time);
    letGo(time);
  }

  /** Event time that was dealt with; a restored job has no watermark before the first one comes. */
  private long timePassed(TimerService timers) throws Exception {
    Long newest = handled.value();
    return Math.max(timers.currentWatermark(), newest == null ? Long.MIN_VALUE : newest);
  }

  private boolean isTooLate(Instant validAt, long now) {
    return now != Long.MIN_VALUE && verifier.isTooLate(validAt, Instant.ofEpochMilli(now));
  }

  private long letGoAt(long validAt) {
    return verifier.letGoAt(Instant.ofEpochMilli(validAt)).toEpochMilli();
  }

  private long letGoAfter(long time) {
    return verifier.letGoAfter(Instant.ofEpochMilli(time)).toEpochMilli();
  }

  private static Tuple2<Long, Integer> key(Instant validAt, int lead) {
    return Tuple2.of(validAt.toEpochMilli(), lead);
  }

  /** Before anything else of a variable, once after each start. */
  private void adopt(String variable, TimerService timers) throws Exception {
    if (!adopted.add(variable)) {
      return;
    }
    if (isOfOtherSettings()) {
      LOG.warn(
          "stream {}: what verification holds of {} is of another grid or variable than the"
              + " settings name now; it is let go, references and scores begin anew",
          stream,
          variable);
      steps.clear();
      matches.clear();
      observations.clear();
      anomalies.clear();
      references.clear();
      skill.clear();
      scoredAt.clear();
    }
    Long newest = handled.value();
    retime(newest == null ? Long.MIN_VALUE : letGoAfter(newest), timers);
    if (newest != null) {
      SkillTable table = skill.value();
      for (String weights : table == null ? Set.<String>of() : table.weights()) {
        if (!scoredAt.contains(weights)) { // in checkpoints of before
          scoredAt.put(weights, newest);
        }
      }
    }
  }

  private boolean isOfOtherSettings() throws Exception {
    Iterator<Field> any = observations.values().iterator();
    References learned = references.value();
    return (any.hasNext() && !verifier.verifies(any.next().frame()))
        || (learned != null && learned.cells() != verifier.cells());
  }

  /** Steps of a time that has passed meet its observation, in the order of their leads. */
  private void score(long time, List<Integer> leads, Collector<Score> out) throws Exception {
    Field observation = observations.get(time);
    if (observation == null) {
      return;
    }
    SkillTable table = skill.value() == null ? new SkillTable() : skill.value();
    for (int lead : leads) {
      Tuple2<Long, Integer> key = Tuple2.of(time, lead);
      PendingStep step = steps.get(key);
      if (step != null) {
        score(key, step, observation, table, out);
      }
    }
    skill.update(table);
  }

  private void countUnverified(long time) throws Exception {
    for (int lead : verifier.leads()) {
      unverified.inc(steps.contains(Tuple2.of(time, lead)) ? 1 : 0);
    }
  }

  private void score(
      Tuple2<Long, Integer> key,
      PendingStep step,
      Field observation,
      SkillTable table,
      Collector<Score> out)
      throws Exception {
    Match before = matches.get(key);
    if (before != null) {
      table.remove(before);
    }
    int revision = before == null ? 0 : before.revision() + 1;
    Optional<Match> match = verifier.compare(step, observation, revision);
    if (match.isEmpty()) {
      empty.inc();
      if (before != null) {
        matches.put(key, new Match(before.row(), PairStatistics.NONE, before.revision()));
      }
      return;
    }
    matches.put(key, match.get());
    Score score = verifier.score(step, observation, match.get(), table.add(match.get()));
    Long newest = scoredAt.get(step.weightsSha256());
    if (newest == null || key.f0 > newest) {
      scoredAt.put(step.weightsSha256(), key.f0);
    }
    gauges.show(score);
    out.collect(score);
    scored.inc();
    rescored.inc(before == null ? 0 : 1);
  }

  /** The references learn; the anomaly of now is kept for the steps to come. */
  private float[] learn(long time, Field observation) throws Exception {
    Instant now = Instant.ofEpochMilli(time);
    Map<Integer, float[]> earlier = new HashMap<>();
    for (Map.Entry<Integer, Instant> before : verifier.timesBefore(now).entrySet()) {
      float[] anomaly = anomalies.get(before.getValue().toEpochMilli());
      if (anomaly != null) {
        earlier.put(before.getKey(), anomaly);
      }
    }
    References learned = knowledge();
    float[] anomaly = learned.learn(now, observation.toArray(), earlier);
    references.update(learned);
    anomalies.put(time, anomaly);
    dropAnomaliesBefore(verifier.oldestNeededAfter(now).toEpochMilli());
    return anomaly;
  }

  /** Steps issued now get what the references say now, and wait for their valid time. */
  private void send(long time, Field observation, float[] anomaly) throws Exception {
    Instant issueTime = Instant.ofEpochMilli(time);
    if (!verifier.isOnStep(issueTime)) {
      return;
    }
    References known = null;
    float[] observed = observation == null ? null : observation.toArray();
    for (int lead : verifier.leads()) {
      Tuple2<Long, Integer> key = key(verifier.validAt(issueTime, lead), lead);
      PendingStep step = steps.get(key);
      if (step != null && step.references() == null) {
        known = known == null ? knowledge() : known;
        steps.put(key, step.with(known.forecast(lead, step.validAt(), observed, anomaly)));
      }
    }
  }

  /** What is older than the retention, and observations that no forecast is valid at. */
  private void letGo(long time) throws Exception {
    Instant now = Instant.ofEpochMilli(time);
    if (verifier.leads().isEmpty() || !verifier.isOnStep(now)) {
      observations.remove(time);
    }
    long gone = letGoAfter(time);
    observations.remove(gone);
    for (int lead : verifier.leads()) {
      steps.remove(Tuple2.of(gone, lead));
      matches.remove(Tuple2.of(gone, lead));
    }
    forgetWeights(gone);
  }

  /** The sums of weights that serve no more: no pair of theirs is left that may be revised. */
  private void forgetWeights(long gone) throws Exception {
    List<Map.Entry<String, Long>> all = new ArrayList<>();
    scoredAt.entries().forEach(one -> all.add(Map.entry(one.getKey(), one.getValue())));
    List<String> old =
        all.stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .skip(WEIGHTS_KEPT)
            .filter(one -> one.getValue() <= gone)
            .map(Map.Entry::getKey)
            .toList();
    if (old.isEmpty()) {
      return; // the table is not small
    }
    SkillTable table = skill.value();
    for (String weights : old) {
      table.forget(weights);
      scoredAt.remove(weights);
    }
    skill.update(table);
  }

  /** Timers are those of another retention, steps perhaps those of other leads. */
  private void retime(long gone, TimerService timers) throws Exception {
    List<Tuple2<Long, Integer>> keys = new ArrayList<>();
    steps.keys().forEach(keys::add);
    for (Tuple2<Long, Integer> key : keys) {
      if (key.f0 <= gone || !verifier.leads().contains(key.f1)) {
        steps.remove(key);
        matches.remove(key);
      } else {
        timers.registerEventTimeTimer(letGoAt(key.f0));
      }
    }
    List<Long> times = new ArrayList<>();
    observations.keys().forEach(times::add);
    for (Long time : times) {
      if (time <= gone) {
        observations.remove(time);
      } else {
        timers.registerEventTimeTimer(letGoAt(time));
      }
    }
  }

  private References knowledge() throws Exception {
    References known = references.value();
    return known == null ? verifier.newReferences() : known;
  }

  private void dropAnomaliesBefore(long oldest) throws Exception {
    List<Long> gone = new ArrayList<>();
    for (Long time : anomalies.keys()) {
      if (time < oldest) {
        gone.add(time);
      }
    }
    for (Long time : gone) {
      anomalies.remove(time);
    }
  }
}
