package etesian.pipeline.verify;

import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.ingest.wire.Codec;
import etesian.ingest.wire.FieldCodec;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.types.CodecType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Flink adapter, keyed by the name of the stream: state and timers here, every decision in {@link
 * Verifier}. Forecasts carry their issue time as stream timestamp, observations their valid time.
 *
 * <p>Elements only wait; the timer of a time works on what belongs to it, in this order: steps
 * valid now are scored, the references learn the observation, forecasts issued now get what the
 * references say. As the forecast operator holds its watermark below the oldest forecast under way,
 * nothing of a time can come after its timer, and the scores do not depend on the order of arrival.
 * What comes later all the same (a revised observation, say) is counted and changes nothing.
 */
public final class VerifyForecasts extends KeyedCoProcessFunction<String, Forecast, Field, Score> {
  private static final long serialVersionUID = 1L;

  private final Verifier verifier;

  private transient MapState<Long, PendingSteps> issued; // by issue time, before its timer
  private transient MapState<Long, PendingSteps> waiting; // by valid time, with references
  private transient MapState<Long, Field> observations; // by valid time, before its timer
  private transient MapState<Long, float[]> anomalies; // by valid time, of the last steps
  private transient ValueState<References> references;
  private transient ValueState<SkillTable> skill;
  private transient ValueState<Long> handled; // the newest time whose timer has fired

  private transient Counter scored;
  private transient Counter unverified;
  private transient Counter empty;
  private transient Counter lateForecasts;
  private transient Counter lateObservations;

  public VerifyForecasts(StreamSettings stream) {
    this.verifier = new Verifier(stream);
  }

  @Override
  public void open(OpenContext context) {
    TypeInformation<PendingSteps> steps =
        new CodecType<>(PendingSteps.class, new PendingSteps.PendingStepsCodec());
    issued = byTime("issued", steps);
    waiting = byTime("waiting", steps);
    observations = byTime("observations", new CodecType<>(Field.class, FieldCodec.INSTANCE));
    anomalies = byTime("anomalies", PrimitiveArrayTypeInfo.FLOAT_PRIMITIVE_ARRAY_TYPE_INFO);
    references = one("references", References.class, new References.ReferencesCodec());
    skill = one("skill", SkillTable.class, new SkillTable.SkillTableCodec());
    handled = getRuntimeContext().getState(new ValueStateDescriptor<>("handled", Types.LONG));

    MetricGroup metrics = getRuntimeContext().getMetricGroup().addGroup("etesian");
    scored = metrics.counter("pairs_scored_total");
    unverified = metrics.counter("pairs_unverified_total");
    empty = metrics.counter("pairs_without_cells_total");
    lateForecasts = metrics.counter("verify_forecasts_late_total");
    lateObservations = metrics.counter("verify_observations_late_total");
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
    long issueTime = forecast.issueTime().toEpochMilli();
    if (isPast(issueTime, context)) {
      lateForecasts.inc();
      return;
    }
    List<PendingStep> steps = verifier.stepsToVerify(forecast);
    if (!steps.isEmpty()) {
      add(issued, issueTime, steps);
      context.timerService().registerEventTimeTimer(issueTime);
    }
  }

  @Override
  public void processElement2(Field observation, Context context, Collector<Score> out)
      throws Exception {
    long validAt = observation.frame().validAt().toEpochMilli();
    if (isPast(validAt, context)) {
      lateObservations.inc();
      return;
    }
    Field before = observations.get(validAt);
    if (before == null || Verifier.replaces(observation, before)) {
      observations.put(validAt, observation);
      context.timerService().registerEventTimeTimer(validAt);
    }
  }

  @Override
  public void onTimer(long time, OnTimerContext context, Collector<Score> out) throws Exception {
    Field observation = observations.get(time);
    score(time, observation, out);
    float[] anomaly = observation == null ? null : learn(time, observation);
    send(time, observation, anomaly, context);
    observations.remove(time);
    handled.update(time);
  }

  /** Whether a time was dealt with; a restored job has no watermark before the first one comes. */
  private boolean isPast(long time, Context context) throws Exception {
    Long newest = handled.value();
    return time <= context.timerService().currentWatermark() || (newest != null && time <= newest);
  }

  /** Steps valid now meet their observation, or are let go without one. */
  private void score(long time, Field observation, Collector<Score> out) throws Exception {
    PendingSteps due = waiting.get(time);
    if (due == null) {
      return;
    }
    waiting.remove(time);
    if (observation == null) {
      unverified.inc(due.steps().size());
      return;
    }
    SkillTable table = skill.value() == null ? new SkillTable() : skill.value();
    for (PendingStep step : due.steps()) {
      verifier
          .score(step, observation, table)
          .ifPresentOrElse(
              score -> {
                out.collect(score);
                scored.inc();
              },
              empty::inc);
    }
    skill.update(table);
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
  private void send(long time, Field observation, float[] anomaly, OnTimerContext context)
      throws Exception {
    PendingSteps steps = issued.get(time);
    if (steps == null) {
      return;
    }
    issued.remove(time);
    References known = knowledge();
    float[] observed = observation == null ? null : observation.toArray();
    for (PendingStep step : steps.steps()) {
      ReferenceFields fields = known.forecast(step.lead(), step.validAt(), observed, anomaly);
      long validAt = step.validAt().toEpochMilli();
      add(waiting, validAt, List.of(step.with(fields)));
      context.timerService().registerEventTimeTimer(validAt);
    }
  }

  private References knowledge() throws Exception {
    References known = references.value();
    return known == null ? verifier.newReferences() : known;
  }

  private static void add(MapState<Long, PendingSteps> state, long time, List<PendingStep> more)
      throws Exception {
    PendingSteps steps = state.get(time) == null ? PendingSteps.NONE : state.get(time);
    for (PendingStep step : more) {
      steps = steps.and(step);
    }
    state.put(time, steps);
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
