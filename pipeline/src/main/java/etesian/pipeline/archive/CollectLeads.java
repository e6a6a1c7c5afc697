package etesian.pipeline.archive;

import etesian.ingest.field.Forecast;
import etesian.ingest.wire.ForecastCodec;
import etesian.pipeline.metrics.Meters;
import etesian.pipeline.metrics.Metric;
import etesian.pipeline.types.CodecType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one forecast of the messages of an issue, keyed by stream, variable and issue time. State
 * holds an entry per message until the last lead of the horizon comes. A higher revision drops what
 * there is of a lower one, whose rollout was abandoned in its middle.
 */
final class CollectLeads extends KeyedProcessFunction<String, Forecast, Forecast> {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(CollectLeads.class);

  static final TypeInformation<Forecast> FORECAST =
      new CodecType<>(Forecast.class, ForecastCodec.INSTANCE);

  private final Map<String, Integer> horizons;
  private transient MapState<Integer, Forecast> parts; // by first lead
  private transient ValueState<Integer> revision; // of the parts
  private transient Counter abandoned;
  private transient Counter incomplete;

  /**
   * @param horizons leads of a forecast, by stream
   */
  CollectLeads(Map<String, Integer> horizons) {
    this.horizons = Map.copyOf(horizons);
  }

  @Override
  public void open(OpenContext context) {
    parts = getRuntimeContext().getMapState(new MapStateDescriptor<>("parts", Types.INT, FORECAST));
    revision = getRuntimeContext().getState(new ValueStateDescriptor<>("revision", Types.INT));
    Meters metrics = Meters.of(getRuntimeContext().getMetricGroup());
    abandoned = metrics.counter(Metric.ARCHIVE_ABANDONED_TOTAL);
    incomplete = metrics.counter(Metric.ARCHIVE_INCOMPLETE_TOTAL);
  }

  @Override
  public void processElement(Forecast part, Context context, Collector<Forecast> out)
      throws Exception {
    Integer collected = revision.value();
    if (collected != null && part.revision() < collected) {
      return; // the end of a forecast that a revision has superseded
    }
    if (collected != null && part.revision() > collected) {
      abandoned.inc();
      clear();
    }
    int horizon = horizons.get(part.stream());
    if (part.lastLead() < horizon) {
      revision.update(part.revision());
      parts.put(part.firstLead(), part);
      return;
    }
    List<Forecast> all = new ArrayList<>(List.of(part));
    for (Forecast earlier : parts.values()) {
      if (earlier.firstLead() < part.firstLead()) {
        all.add(earlier);
      }
    }
    clear();
    Forecast merged = merge(all);
    if (isWhole(merged, horizon)) {
      out.collect(merged);
    } else {
      incomplete.inc();
      LOG.warn(
          "{} revision {}: {} of {} leads came, the others before the archive was part of the job;"
              + " not archived",
          context.getCurrentKey(),
          part.revision(),
          merged.steps().size(),
          horizon);
    }
  }

  private void clear() {
    parts.clear();
    revision.clear();
  }

  private static Forecast merge(List<Forecast> all) {
    List<Forecast.Step> steps =
        all.stream()
            .flatMap(message -> message.steps().stream())
            .sorted(Comparator.comparing(Forecast.Step::lead))
            .toList();
    Forecast one = all.get(0);
    return new Forecast(
        one.stream(),
        one.variable(),
        one.grid(),
        one.issueTime(),
        one.revision(),
        steps,
        one.model(),
        one.weightsSha256(),
        one.inputs());
  }

  private static boolean isWhole(Forecast merged, int horizon) {
    for (int i = 0; i < merged.steps().size(); i++) {
      if (merged.steps().get(i).lead() != i + 1) {
        return false;
      }
    }
    return merged.lastLead() == horizon;
  }
}
