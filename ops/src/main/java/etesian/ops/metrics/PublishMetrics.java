package etesian.ops.metrics;

import etesian.ingest.kafka.PublishListener;
import etesian.pipeline.metrics.Metric;
import io.prometheus.metrics.core.metrics.Counter;
import java.nio.file.Path;

/** Counts what is published. */
public final class PublishMetrics implements PublishListener {
  private final Counter records;
  private final Counter bytes;
  private final Counter unreadable;
  private final Counter refused;

  public PublishMetrics(ProcessMetrics metrics) {
    records = metrics.counter(Metric.PUBLISH_RECORDS_TOTAL);
    bytes = metrics.counter(Metric.PUBLISH_BYTES_TOTAL);
    unreadable = metrics.counter(Metric.PUBLISH_UNREADABLE_TOTAL);
    refused = metrics.counter(Metric.PUBLISH_REFUSED_TOTAL);
  }

  @Override
  public void acknowledged(Path file, long size) {
    records.inc();
    bytes.inc(size);
  }

  @Override
  public void unreadable(Path file, String reason) {
    unreadable.inc();
  }

  @Override
  public void refused(Path file, String reason) {
    refused.inc();
  }
}
