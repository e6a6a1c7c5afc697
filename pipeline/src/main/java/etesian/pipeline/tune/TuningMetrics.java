package etesian.pipeline.tune;

import etesian.pipeline.learn.Learning;
import etesian.pipeline.learn.ModelEvent;
import etesian.pipeline.metrics.Meters;
import etesian.pipeline.metrics.Metric;
import etesian.pipeline.metrics.NewestTime;
import java.time.Instant;
import org.apache.flink.metrics.Counter;

/**
 * What learning tells of itself. Told by the thread of the task; the gauges are read by another.
 */
final class TuningMetrics {
  private final Counter judged;
  private final NewestTime newestJudged;
  private final Counter promotions;
  private final Counter rollbacks;
  private final Counter refusals;
  private final Counter gaps;

  TuningMetrics(Meters metrics, Learning learning) {
    judged = metrics.counter(Metric.TUNING_WINDOWS_JUDGED_TOTAL);
    newestJudged = metrics.newest(Metric.TUNING_JUDGED_TIMESTAMP_SECONDS);
    learning.newestJudged().ifPresent(this::judgedUpTo);
    promotions = metrics.counter(Metric.TUNING_PROMOTIONS_TOTAL);
    rollbacks = metrics.counter(Metric.TUNING_ROLLBACKS_TOTAL);
    refusals = metrics.counter(Metric.TUNING_REFUSALS_TOTAL);
    gaps = metrics.counter(Metric.TUNING_GAPS_TOTAL);
    metrics.gauge(Metric.TUNING_EVIDENCE_RATIO, learning::evidence);
    metrics.gauge(Metric.TUNING_REPLAY_BYTES, learning::bytes);
    metrics.gauge(Metric.TUNING_PHYSICS_RESIDUAL_RATIO, learning::residual);
  }

  /** A window was judged. */
  void judged(Instant issueTime) {
    judged.inc();
    judgedUpTo(issueTime);
  }

  private void judgedUpTo(Instant issueTime) {
    newestJudged.tell(issueTime.toEpochMilli());
  }

  /** An event went out. */
  void told(ModelEvent event) {
    switch (event.event()) {
      case PROMOTED -> promotions.inc();
      case ROLLED_BACK -> rollbacks.inc();
      case REFUSED -> refused(event).inc();
      default -> {}
    }
  }

  /** A gap between fields, as some series have each year, is nothing to be alarmed by. */
  private Counter refused(ModelEvent event) {
    return event.evidence().containsKey(Learning.WINDOWS_MISSING) ? gaps : refusals;
  }
}
