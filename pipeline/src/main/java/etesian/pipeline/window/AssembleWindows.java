package etesian.pipeline.window;

import etesian.ingest.field.Field;
import etesian.ingest.wire.FieldCodec;
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
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flink adapter: keeps each field of a stream once, and sends a window when its last missing field
 * arrives. Every decision is in {@link WindowSpec}. A field that event time has passed is late: its
 * forecast could not be scored any more.
 */
public final class AssembleWindows extends KeyedProcessFunction<String, Field, FieldWindow> {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(AssembleWindows.class);

  private final WindowSpec spec;
  private final Instant anchor;

  private transient MapState<Long, Field> fields;
  private transient ValueState<Long> passed;
  private transient Counter late;
  private transient Counter repeated;
  private transient Counter revised;
  private transient Counter offStep;
  private transient Counter windows;

  public AssembleWindows(StreamSettings stream) {
    this.spec = new WindowSpec(stream);
    this.anchor = stream.anchor();
  }

  @Override
  public void open(OpenContext context) {
    fields =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>(
                    "fields", Types.LONG, new CodecType<>(Field.class, FieldCodec.INSTANCE)));
    passed = getRuntimeContext().getState(new ValueStateDescriptor<>("time-passed", Types.LONG));
    MetricGroup metrics = getRuntimeContext().getMetricGroup().addGroup("etesian");
    late = metrics.counter("fields_late_total");
    repeated = metrics.counter("fields_repeated_total");
    revised = metrics.counter("fields_revised_total");
    offStep = metrics.counter("fields_off_step_total");
    windows = metrics.counter("windows_total");
  }

  @Override
  public void processElement(Field field, Context context, Collector<FieldWindow> out)
      throws Exception {
    Instant validAt = field.frame().validAt();
    if (!spec.isOnStep(validAt)) {
      if (offStep.getCount() == 0) {
        LOG.warn(
            "{} is not on the steps of stream {} counted from {}: it enters no window; set the"
                + " stream's anchor to a time of the series",
            field,
            context.getCurrentKey(),
            anchor);
      }
      offStep.inc();
      return;
    }
    if (validAt.toEpochMilli() <= timePassed(context)) {
      late.inc();
      return;
    }
    Field before = fields.get(validAt.toEpochMilli());
    if (before != null) {
      keepTheBetter(before, field);
      return;
    }
    fields.put(validAt.toEpochMilli(), field);
    context.timerService().registerEventTimeTimer(validAt.toEpochMilli());
    for (Instant issueTime : spec.issueTimesTouchedBy(validAt)) {
      complete(context.getCurrentKey(), issueTime).ifPresent(out::collect);
    }
  }

  /** Event time that has passed. A restore forgets the watermark, so state remembers. */
  private long timePassed(Context context) throws Exception {
    Long remembered = passed.value();
    return Math.max(
        context.timerService().currentWatermark(),
        remembered == null ? Long.MIN_VALUE : remembered);
  }

  /** A final value replaces a provisional one for the windows to come. */
  private void keepTheBetter(Field before, Field field) throws Exception {
    if (field.revision() > before.revision()) {
      fields.put(field.frame().validAt().toEpochMilli(), field);
      revised.inc();
    } else {
      repeated.inc();
    }
  }

  private Optional<FieldWindow> complete(String stream, Instant issueTime) throws Exception {
    List<Field> members = new ArrayList<>();
    for (Instant time : spec.members(issueTime)) {
      Field member = fields.get(time.toEpochMilli());
      if (member == null) {
        return Optional.empty();
      }
      members.add(member);
    }
    windows.inc();
    return Optional.of(new FieldWindow(stream, members));
  }

  /** The only place where state is let go. */
  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<FieldWindow> out)
      throws Exception {
    passed.update(timestamp);
    long firstNeeded = spec.firstNeededAfter(Instant.ofEpochMilli(timestamp)).toEpochMilli();
    List<Long> gone = new ArrayList<>();
    for (Long time : fields.keys()) {
      if (time < firstNeeded) {
        gone.add(time);
      }
    }
    for (Long time : gone) {
      fields.remove(time);
    }
  }
}
