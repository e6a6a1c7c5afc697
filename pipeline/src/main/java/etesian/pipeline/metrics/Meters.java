package etesian.pipeline.metrics;

import etesian.ingest.field.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;

/**
 * Registers the metrics of one station as the {@link Metric catalogue} has them. Labels become
 * groups of a key and a value: Flink's reporter for Prometheus makes labels of them, and leaves the
 * keys in the name, where the rules of {@code ops/prometheus} take them out.
 */
public final class Meters {
  /** The group that all of them lie in. */
  public static final String GROUP = "etesian";

  private static final double NANOSECOND = 1e-9;

  private final MetricGroup group;
  private final List<String> labels;

  private Meters(MetricGroup group, List<String> labels) {
    this.group = group;
    this.labels = labels;
  }

  /** Those of a station, without labels of ours. */
  public static Meters of(MetricGroup station) {
    return new Meters(station.addGroup(GROUP), List.of());
  }

  /** The same with one more label. */
  public Meters with(String label, String value) {
    List<String> more = new ArrayList<>(labels);
    more.add(label);
    return new Meters(group.addGroup(label, value), more);
  }

  public Counter counter(Metric metric) {
    return group.counter(name(metric, Metric.Type.COUNTER));
  }

  public void gauge(Metric metric, Supplier<? extends Number> value) {
    group.gauge(name(metric, Metric.Type.GAUGE), (Gauge<Number>) value::get);
  }

  /** A gauge of the newest time that it is told, in seconds since 1970. */
  public NewestTime newest(Metric metric) {
    NewestTime time = new NewestTime();
    gauge(metric, time::seconds);
    return time;
  }

  /** Takes values as they are. */
  public Histogram summary(Metric metric) {
    return group.histogram(name(metric, Metric.Type.SUMMARY), new Scaled(1));
  }

  /** Takes nanoseconds. */
  public Histogram timing(Metric metric) {
    Check.that(metric.unit().equals("seconds"), "%s is in %s", metric, metric.unit());
    return group.histogram(name(metric, Metric.Type.SUMMARY), new Scaled(NANOSECOND));
  }

  private String name(Metric metric, Metric.Type type) {
    Check.that(metric.type() == type, "%s is a %s, not a %s", metric, metric.type(), type);
    Check.that(
        metric.labels().equals(labels),
        "%s has the labels %s, not %s",
        metric,
        metric.labels(),
        labels);
    return metric.shortName();
  }
}
