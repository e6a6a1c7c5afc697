package etesian.pipeline.window;

import etesian.ingest.field.Field;
import etesian.ingest.wire.FieldCodec;
import etesian.pipeline.revision.Arrival;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.types.CodecType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flink adapter: keeps each field of a stream once, and sends a window when its last missing field
 * arrives; when its issue time has passed and its gaps may be held; and again, with the next
 * revision, when a late or better field changes it. Every decision is in {@link WindowSpec} and
 * {@link Arrival}.
 */
public final class AssembleWindows extends KeyedProcessFunction<String, Field, FieldWindow> {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(AssembleWindows.class);

  private final WindowSpec spec;
  private final StreamSettings stream;

  private transient MapState<Long, Field> fields; // by valid time
  private transient MapState<Long, Integer> revisions; // of the newest window, by issue time
  private transient ValueState<Long> passed;
  private transient ValueState<Long> oldest; // valid times that were seen
  private transient ValueState<Long> newest;

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

  public AssembleWindows(StreamSettings stream) {
    this.spec = new WindowSpec(stream);
    this.stream = stream;
  }

  @Override
  public void open(OpenContext context) {
    fields =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>(
                    "fields", Types.LONG, new CodecType<>(Field.class, FieldCodec.INSTANCE)));
    revisions =
        getRuntimeContext()
            .getMapState(new MapStateDescriptor<>("revisions", Types.LONG, Types.INT));
    passed = time("time-passed");
    oldest = time("oldest-seen");
    newest = time("newest-seen");
    MetricGroup metrics = getRuntimeContext().getMetricGroup().addGroup("etesian");
    late = metrics.counter("fields_late_total");
    repeated = metrics.counter("fields_repeated_total");
    superseded = metrics.counter("fields_superseded_total");
    revised = metrics.counter("fields_revised_total");
    offStep = metrics.counter("fields_off_step_total");
    windows = metrics.counter("windows_total");
    reissued = metrics.counter("windows_reissued_total");
    incomplete = metrics.counter("windows_incomplete_total");
    held = metrics.counter("windows_held_total");
  }

  private ValueState<Long> time(String name) {
    return getRuntimeContext().getState(new ValueStateDescriptor<>(name, Types.LONG));
  }

  @Override
  public void processElement(Field field, Context context, Collector<FieldWindow> out)
      throws Exception {
    Instant validAt = field.frame().validAt();
    if (!spec.isOnStep(validAt)) {
      warnOffStep(field);
      return;
    }
    long now = timePassed(context.timerService());
    if (now != Long.MIN_VALUE && spec.isTooLate(validAt, Instant.ofEpochMilli(now))) {
      late.inc();
      return;
    }
    Arrival arrival = Arrival.of(field, fields.get(validAt.toEpochMilli()));
    count(arrival);
    if (arrival.counts()) {
      keep(field, now, context.timerService());
      for (Instant issueTime : spec.issueTimesTouchedBy(validAt)) {
        fireWith(validAt, issueTime, now, context.timerService(), out);
      }
    } else if (field.revision() > fields.get(validAt.toEpochMilli()).revision()) {
      fields.put(validAt.toEpochMilli(), field); // the same values, final now
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

  private void keep(Field field, long now, TimerService timers) throws Exception {
    Instant validAt = field.frame().validAt();
    long millis = validAt.toEpochMilli();
    fields.put(millis, field);
    oldest.update(oldest.value() == null ? millis : Math.min(oldest.value(), millis));
    newest.update(newest.value() == null ? millis : Math.max(newest.value(), millis));
    timers.registerEventTimeTimer(spec.letGoAt(validAt).toEpochMilli());
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
      Instant validAt, Instant issueTime, long now, TimerService timers, Collector<FieldWindow> out)
      throws Exception {
    boolean isPast = issueTime.toEpochMilli() <= now;
    Integer before = revisions.get(issueTime.toEpochMilli());
    if (before != null || spec.mayFire(isPast)) {
      Optional<FieldWindow> window = spec.window(issueTime, isPast, this::fieldAt);
      if (window.isPresent() && window.get().uses(validAt)) {
        fire(window.get().withRevision(before == null ? 0 : before + 1), timers, out);
      }
    }
  }

  private void fire(FieldWindow window, TimerService timers, Collector<FieldWindow> out)
      throws Exception {
    revisions.put(window.issueTime().toEpochMilli(), window.revision());
    timers.registerEventTimeTimer(spec.letGoAt(window.issueTime()).toEpochMilli());
    windows.inc();
    reissued.inc(window.revision() == 0 ? 0 : 1);
    held.inc(window.held() == 0 ? 0 : 1);
    out.collect(window);
  }

  private Field fieldAt(Instant validAt) throws Exception {
    return fields.get(validAt.toEpochMilli());
  }

  /** Issue times that have passed are settled; the only place where state is let go. */
  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<FieldWindow> out)
      throws Exception {
    Instant now = Instant.ofEpochMilli(timestamp);
    Long before = passed.value();
    if (before == null || timestamp > before) {
      // At the end of its input time runs on, but no field tells what is missing there.
      Instant end = Instant.ofEpochMilli(Math.min(timestamp, newest.value()));
      Instant begin = Instant.ofEpochMilli(before == null ? oldest.value() - 1 : before);
      for (Instant issueTime : spec.issueTimesBetween(begin, end)) {
        settle(issueTime, context.timerService(), out);
      }
      passed.update(end.toEpochMilli());
    }
    long gone = spec.letGoAfter(now).toEpochMilli();
    if (!retimed) {
      retime(fields, gone, context.timerService());
      retime(revisions, gone, context.timerService());
      retimed = true;
    }
    fields.remove(gone);
    revisions.remove(gone);
  }

  /** A restored job may have another retention, and timers of the one before. */
  private void retime(MapState<Long, ?> state, long gone, TimerService timers) throws Exception {
    List<Long> times = new ArrayList<>();
    state.keys().forEach(times::add);
    for (Long time : times) {
      if (time <= gone) {
        state.remove(time);
      } else {
        timers.registerEventTimeTimer(spec.letGoAt(Instant.ofEpochMilli(time)).toEpochMilli());
      }
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
      if (incomplete.getCount() == 0) {
        LOG.warn(
            "stream {} has no forecast issued at {}: a field of its history is missing; further"
                + " ones are counted in windows_incomplete_total",
            stream.name(),
            issueTime);
      }
      incomplete.inc();
    }
  }
}
