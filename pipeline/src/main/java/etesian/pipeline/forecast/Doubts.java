package etesian.pipeline.forecast;

import etesian.pipeline.settings.StreamSettings;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of each {@link DoubtedField} once, although it is in the windows of many rollouts. Called
 * from the mailbox; forgets with a restart, as counters do.
 */
final class Doubts {
  private static final Logger LOG = LoggerFactory.getLogger(Doubts.class);

  private final StreamSettings stream;
  private final ForecastMetrics metrics;
  private final Set<DoubtedField> told = new HashSet<>();

  Doubts(StreamSettings stream, ForecastMetrics metrics) {
    this.stream = stream;
    this.metrics = metrics;
  }

  /**
   * @param issueTime of the rollout in whose window they are
   */
  void tell(List<DoubtedField> fields, Instant issueTime) {
    if (fields.isEmpty()) {
      return;
    }
    Instant oldest = stream.timeAfter(issueTime, -(stream.windowLength() + stream.retention()));
    told.removeIf(field -> field.validAt().isBefore(oldest)); // in no window to come
    for (DoubtedField field : fields) {
      if (told.add(field)) {
        metrics.doubted();
        LOG.warn(
            "stream {}: {} valid at {} has {} values that nobody can have seen, such as {}:"
                + " forecasts take them for missing; does its file lack a _FillValue?",
            stream.name(),
            field.variable(),
            field.validAt(),
            field.cells(),
            field.value());
      }
    }
  }
}
