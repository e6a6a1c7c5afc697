package etesian.ops.console;

import etesian.ops.metrics.ProcessMetrics;
import etesian.pipeline.metrics.Metric;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import java.util.Map;

/** What the console tells of itself. */
final class ConsoleMetrics {
  private final Counter records;
  private final Gauge lag;

  ConsoleMetrics(ProcessMetrics metrics, Store store, Live live) {
    records = metrics.counter(Metric.CONSOLE_RECORDS_TOTAL);
    lag = metrics.gauge(Metric.CONSOLE_LAG_RECORDS);
    metrics.gauge(Metric.CONSOLE_CONNECTED, () -> store.trouble().isEmpty() ? 1 : 0);
    metrics.gauge(Metric.CONSOLE_PAGES, live::pages);
    metrics.gauge(Metric.CONSOLE_FIELDS_BYTES, store::bytes);
  }

  void read(String topic) {
    records.labelValues(topic).inc();
  }

  /** Of each topic that is followed. */
  void waiting(Map<String, Long> recordsByTopic) {
    recordsByTopic.forEach((topic, waiting) -> lag.labelValues(topic).set(waiting));
  }
}
