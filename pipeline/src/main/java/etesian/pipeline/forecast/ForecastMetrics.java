package etesian.pipeline.forecast;

import etesian.pipeline.metrics.Meters;
import etesian.pipeline.metrics.Metric;
import etesian.pipeline.metrics.NewestTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;

/**
 * What forecasting tells of itself. Told by the thread of the task; the gauges are read by another.
 */
final class ForecastMetrics {
  private final Counter forecasts;
  private final Counter abandoned;
  private final Counter refusals;
  private final Counter doubted;
  private final Histogram stepTime;
  private final Histogram firstStepTime;
  private final Histogram batchSize;
  private final Map<Instant, Long> arrivals = new HashMap<>(); // System.nanoTime(), without a step
  private final NewestTime newestIssue; // of a complete forecast
  private final NewestTime lastForecast; // by the clock

  ForecastMetrics(Meters metrics, Roster roster) {
    forecasts = metrics.counter(Metric.FORECAST_STEPS_TOTAL);
    abandoned = metrics.counter(Metric.ROLLOUTS_ABANDONED_TOTAL);
    refusals = metrics.counter(Metric.CHAMPIONS_REFUSED_TOTAL);
    doubted = metrics.counter(Metric.FIELDS_DOUBTED_TOTAL);
    stepTime = metrics.timing(Metric.STEP_SECONDS);
    firstStepTime = metrics.timing(Metric.FIRST_STEP_SECONDS);
    batchSize = metrics.summary(Metric.BATCH_SIZE);
    metrics.gauge(Metric.ROLLOUTS_ACTIVE, roster::active);
    metrics.gauge(Metric.ROLLOUTS_WAITING, roster::waiting);
    metrics.gauge(Metric.ROLLOUTS_WAITING_BYTES, roster::waitingBytes);
    newestIssue = metrics.newest(Metric.NEWEST_ISSUE_TIMESTAMP_SECONDS);
    lastForecast = metrics.newest(Metric.LAST_FORECAST_TIMESTAMP_SECONDS);
  }

  /** A window came. */
  void arrived(Instant issueTime) {
    arrivals.put(issueTime, System.nanoTime());
  }

  /** A rollout will not go on. */
  void abandoned() {
    abandoned.inc();
  }

  /** Weights cannot be used. */
  void refused() {
    refusals.inc();
  }

  /** A field holds what nobody can have seen. */
  void doubted() {
    doubted.inc();
  }

  /**
   * A batch made a step.
   *
   * @param runs of all its rollouts
   */
  void stepped(Duration took, int runs) {
    stepTime.update(took.toNanos());
    batchSize.update(runs);
  }

  /** Some leads of a forecast went out. */
  void issued(Instant issueTime, int leads) {
    forecasts.inc(leads);
    lastForecast.tell(System.currentTimeMillis());
    Long arrived = arrivals.remove(issueTime);
    if (arrived != null) {
      firstStepTime.update(System.nanoTime() - arrived);
    }
  }

  /** All leads of a forecast have gone out. */
  void completed(long issueMillis) {
    newestIssue.tell(issueMillis);
  }
}
