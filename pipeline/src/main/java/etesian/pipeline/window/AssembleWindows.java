package etesian.pipeline.window;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.ingest.wire.FieldCodec;
import etesian.pipeline.metrics.Meters;
import etesian.pipeline.metrics.Metric;
import etesian.pipeline.metrics.NewestTime;
import etesian.pipeline.revision.Arrival;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.types.CodecType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flink adapter: keeps each field of a stream once, and sends a window when its last missing field
 * of any variable arrives; when its issue time has passed and its gaps may be held; and again, with
 * the next revision, when a late or better field changes it. Every decision is in {@link
 * WindowSpec} and {@link Arrival}.
 */
public final class AssembleWindows extends KeyedProcessFunction<String, Field, FieldWindow> {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(AssembleWindows.class);

  private final WindowSpec spec;
  private final StreamSettings stream;

  private transient MapState<Tuple2<Long, String>, Field> fields; // by valid time and variable
  private transient MapState<Long, Field> ofOneVariable; // in checkpoints of before, by valid time
  private transient MapState<Long, Integer> revisions; // of the newest window, by issue time
  private transient ValueState<Long> passed;
  private transient ValueState<Long> oldest; // valid times that were seen
  private transient ValueState<Long> newest;

  private transient boolean adopted;
  private transient boolean retimed;

  private transient Counter late;
  private transient Counter repeated;
  private transient Counter superseded;
  private transient Counter revised;
  private transient Counter offStep;
  private transient Counter windows;
  private transient Counter reissued;
  private transient Counter incomplete;
  private transient Counter held;
  private transient NewestTime newestField; // valid time, for the gauge only

  public AssembleWindows(StreamSettings stream) {
    this.spec = new WindowSpec(stream);
    this.stream = stream;
  }

  @Override
  public void open(OpenContext context) {
    fields = fields("fields-of-variables", Types.TUPLE(Types.LONG, Types.STRING));
    ofOneVariable = fields("fields", Types.LONG);
    revisions =
        getRuntimeContext()
            .getMapState(new MapStateDescriptor<>("revisions", Types.LONG, Types.INT));
    passed = time("time-passed");
    oldest = time("oldest-seen");
    newest = time("newest-seen");
    Meters metrics = Meters.of(getRuntimeContext().getMetricGroup()).with("stream", stream.name());
    late = metrics.counter(Metric.FIELDS_LATE_TOTAL);
    repeated = metrics.counter(Metric.FIELDS_REPEATED_TOTAL);
    superseded = metrics.counter(Metric.FIELDS_SUPERSEDED_TOTAL);
    revised = metrics.counter(Metric.FIELDS_REVISED_TOTAL);
    offStep = metrics.counter(Metric.FIELDS_OFF_STEP_TOTAL);
    windows = metrics.counter(Metric.WINDOWS_TOTAL);
    reissued = metrics.counter(Metric.WINDOWS_REISSUED_TOTAL);
    incomplete = metrics.counter(Metric.WINDOWS_INCOMPLETE_TOTAL);
    held = metrics.counter(Metric.WINDOWS_HELD_TOTAL);
    newestField = metrics.newest(Metric.NEWEST_FIELD_TIMESTAMP_SECONDS);
  }

  private <K> MapState<K, Field> fields(String name, TypeInformation<K> key) {
    return getRuntimeContext()
        .getMapState(
            new MapStateDescriptor<>(name, key, new CodecType<>(Field.class, FieldCodec.INSTANCE)));
  }

  private ValueState<Long> time(String name) {
    return getRuntimeContext().getState(new ValueStateDescriptor<>(name, Types.LONG));
  }

  @Override
  public void processElement(Field field, Context context, Collector<FieldWindow> out)
      throws Exception {
    Instant validAt = field.frame().validAt();
    newestField.tell(validAt.toEpochMilli());
    if (!spec.isOnStep(validAt)) {
      warnOffStep(field);
      return;
    }
    long now = timePassed(context.timerService());
    if (now != Long.MIN_VALUE && spec.isTooLate(validAt, Instant.ofEpochMilli(now))) {
      late.inc();
      return;
    }
    adopt();
    Tuple2<Long, String> key = Tuple2.of(validAt.toEpochMilli(), field.frame().variable().name());
    Field before = fields.get(key);
    Arrival arrival = Arrival.of(field, before);
    count(arrival);
    if (arrival.counts()) {
      fields.put(key, field);
      keep(validAt, now, context.timerService());
      for (Instant issueTime : spec.issueTimesTouchedBy(validAt)) {
        fireWith(field.frame(), issueTime, now, context.timerService(), out);
      }
    } else if (field.revision() > before.revision()) {
      fields.put(key, field); // the same values, final now
    }
  }

  /**
   * Before streams had several variables, checkpoints kept fields by their time alone; and settings
   * may name another grid since: a window holds fields of one.
   */
  private void adopt() throws Exception {
    if (!adopted) {
      for (Field field : ofOneVariable.values()) {
        long validAt = field.frame().validAt().toEpochMilli();
        fields.put(Tuple2.of(validAt, field.frame().variable().name()), field);
      }
      ofOneVariable.clear();
      Iterator<Field> any = fields.values().iterator();
      if (any.hasNext() && !any.next().frame().grid().equals(stream.grid())) {
        LOG.warn(
            "stream {}: the fields of its state are on another grid than {}, which the settings"
                + " name; they are let go, and windows begin anew",
            stream.name(),
            stream.grid());
        fields.clear();
      }
      adopted = true;
    }
  }

  private void warnOffStep(Field field) {
    if (offStep.getCount() == 0) {
      LOG.warn(
          "{} is not on the steps of stream {} counted from {}: it enters no window; set the"
              + " stream's anchor to a time of the series",
          field,
          stream.name(),
          stream.anchor());
    }
    offStep.inc();
  }

  private void count(Arrival arrival) {
    switch (arrival) {
      case FIRST -> {}
      case BETTER -> revised.inc();
      case SAME -> repeated.inc();
      case WORSE -> superseded.inc();
    }
  }

  /**
   * Event time that has passed. A restore forgets the watermark, but the state tells what {@link
   * ValidTimes} had made of the fields until then.
   */
  private long timePassed(TimerService timers) throws Exception {
    Long seen = newest.value();
    return Math.max(
        timers.currentWatermark(),
        seen == null ? Long.MIN_VALUE : ValidTimes.watermark(seen, stream.lateness()));
  }

  private void keep(Instant validAt, long now, TimerService timers) throws Exception {
    long millis = validAt.toEpochMilli();
    oldest.update(oldest.value() == null ? millis : Math.min(oldest.value(), millis));
    newest.update(newest.value() == null ? millis : Math.max(newest.value(), millis));
    letGoLater(millis, timers);
    if (millis > now) {
      timers.registerEventTimeTimer(millis);
    }
    for (Instant issueTime : spec.issueTimesEndedBy(validAt)) {
      if (issueTime.toEpochMilli() > now) {
        timers.registerEventTimeTimer(issueTime.toEpochMilli());
      }
    }
  }

  /** Fires the window of an issue time if there is one and the field is part of it. */
  private void fireWith(
      Frame frame, Instant issueTime, long now, TimerService timers, Collector<FieldWindow> out)
      throws Exception {
    boolean isPast = issueTime.toEpochMilli() <= now;
    Integer before = revisions.get(issueTime.toEpochMilli());
    if (before != null || spec.mayFire(isPast)) {
      Optional<FieldWindow> window = spec.window(issueTime, isPast, this::fieldAt);
      if (window.isPresent() && window.get().uses(frame)) {
        fire(window.get().withRevision(before == null ? 0 : before + 1), timers, out);
      }
    }
  }

  private void fire(FieldWindow window, TimerService timers, Collector<FieldWindow> out)
      throws Exception {
    revisions.put(window.issueTime().toEpochMilli(), window.revision());
    letGoLater(window.issueTime().toEpochMilli(), timers);
    windows.inc();
    reissued.inc(window.revision() == 0 ? 0 : 1);
    held.inc(window.held() == 0 ? 0 : 1);
    out.collect(window);
  }

  private Field fieldAt(Instant validAt, String variable) throws Exception {
    return fields.get(Tuple2.of(validAt.toEpochMilli(), variable));
  }

  /** Issue times that have passed are settled; the only place where state is let go. */
  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<FieldWindow> out)
      throws Exception {
    adopt();
    Instant now = Instant.ofEpochMilli(timestamp);
    Long before = passed.value();
    if (before == null || timestamp > before) {
      // At the end of its input time runs on, but no field tells what is missing there.
      Instant end = Instant.ofEpochMilli(Math.min(timestamp, newest.value()));
      Instant begin = Instant.ofEpochMilli(before == null ? oldest.value() - 1 : before);
      settle(begin, end, context.timerService(), out);
      passed.update(end.toEpochMilli());
    }
    long gone = spec.letGoAfter(now).toEpochMilli();
    if (!retimed) {
      retime(gone, context.timerService());
      retimed = true;
    }
    for (String variable : spec.variables()) {
      fields.remove(Tuple2.of(gone, variable));
    }
    revisions.remove(gone);
  }

  /** A restored job may have another retention and other variables, and timers of those before. */
  private void retime(long gone, TimerService timers) throws Exception {
    List<Tuple2<Long, String>> keys = new ArrayList<>();
    fields.keys().forEach(keys::add);
    for (Tuple2<Long, String> key : keys) {
      if (key.f0 <= gone || !spec.variables().contains(key.f1)) {
        fields.remove(key);
      } else {
        letGoLater(key.f0, timers);
      }
    }
    List<Long> issueTimes = new ArrayList<>();
    revisions.keys().forEach(issueTimes::add);
    for (Long issueTime : issueTimes) {
      if (issueTime <= gone) {
        revisions.remove(issueTime);
      } else {
        letGoLater(issueTime, timers);
      }
    }
  }

  private void letGoLater(long time, TimerService timers) {
    timers.registerEventTimeTimer(spec.letGoAt(Instant.ofEpochMilli(time)).toEpochMilli());
  }

  /**
   * The issue times from one timer to the next. Each field has a timer, so there is none between:
   * windows further on than those before reach are only counted, as a gap may last for centuries.
   */
  private void settle(Instant begin, Instant end, TimerService timers, Collector<FieldWindow> out)
      throws Exception {
    Instant reached = spec.lastTouchedBy(begin);
    if (!reached.isBefore(end)) {
      settleEach(begin, end, timers, out);
      return;
    }
    settleEach(begin, reached, timers, out);
    Instant before = end.minusMillis(1);
    missed(spec.countIssueTimes(reached, before), reached);
    settleEach(before, end, timers, out);
  }

  private void settleEach(
      Instant begin, Instant end, TimerService timers, Collector<FieldWindow> out)
      throws Exception {
    for (Instant issueTime : spec.issueTimesBetween(begin, end)) {
      settle(issueTime, timers, out);
    }
  }

  /** What becomes of a window that has not fired when its issue time has passed. */
  private void settle(Instant issueTime, TimerService timers, Collector<FieldWindow> out)
      throws Exception {
    if (revisions.contains(issueTime.toEpochMilli())) {
      return;
    }
    Optional<FieldWindow> window =
        spec.holds() ? spec.window(issueTime, true, this::fieldAt) : Optional.empty();
    if (window.isPresent()) {
      fire(window.get(), timers, out);
    } else if (spec.members(issueTime).get(0).toEpochMilli() >= oldest.value()) {
      missed(1, issueTime);
    }
  }

  private void missed(long windows, Instant from) {
    if (incomplete.getCount() == 0 && windows > 0) {
      LOG.warn(
          "stream {} has no forecast issued at {}: a field of its history is missing; further ones"
              + " are counted in windows_incomplete_total",
          stream.name(),
          from);
    }
    incomplete.inc(windows);
  }
}
