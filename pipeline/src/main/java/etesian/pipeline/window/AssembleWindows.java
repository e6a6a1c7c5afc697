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
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Flink adapter: keeps each field of a stream once, and sends a window when its last missing field
 * arrives. Every decision is in {@link WindowSpec}.
 */
public final class AssembleWindows extends KeyedProcessFunction<String, Field, FieldWindow> {
  private static final long serialVersionUID = 1L;

  private final WindowSpec spec;

  private transient MapState<Long, Field> fields;
  private transient Counter late;
  private transient Counter repeated;
  private transient Counter revised;
  private transient Counter offStep;
  private transient Counter windows;

  public AssembleWindows(StreamSettings stream) {
    this.spec = new WindowSpec(stream);
  }

  @Override
  public void open(OpenContext context) {
    fields =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>(
                    "fields", Types.LONG, new CodecType<>(Field.class, FieldCodec.INSTANCE)));
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
    long watermark = context.timerService().currentWatermark();
    if (!spec.isOnStep(validAt)) {
      offStep.inc();
      return;
    }
    if (watermark > Long.MIN_VALUE
        && validAt.isBefore(spec.firstNeededAt(Instant.ofEpochMilli(watermark)))) {
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
    long firstNeeded = spec.firstNeededAt(Instant.ofEpochMilli(timestamp)).toEpochMilli();
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
