package etesian.pipeline.metrics;

import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.metrics.groups.InternalOperatorMetricGroup;
import org.apache.flink.runtime.metrics.util.InterceptingOperatorMetricGroup;
import org.apache.flink.runtime.metrics.util.InterceptingTaskMetricGroup;

/** A task with one operator, whose numbers a test reads by name, whatever their groups. */
public final class CountedTask extends InterceptingTaskMetricGroup {
  private final Counters counters = new Counters();

  @Override
  public InternalOperatorMetricGroup getOrAddOperator(
      OperatorID id, String name, Map<String, String> variables) {
    return counters;
  }

  /** What a counter or a gauge says. */
  public long number(String name) {
    return counters.get(name) instanceof Gauge<?> gauge
        ? ((Number) gauge.getValue()).longValue()
        : ((Counter) counters.get(name)).getCount();
  }

  private static final class Counters extends InterceptingOperatorMetricGroup {
    @Override
    public MetricGroup addGroup(String name) {
      return this;
    }

    @Override
    public MetricGroup addGroup(String key, String value) {
      return this;
    }
  }
}
