package etesian.ops.demo;

import etesian.ingest.field.Field;
import etesian.pipeline.revision.Arrival;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.window.WindowSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a run owes its consumers: every lead of every issue time whose history was published, in the
 * newest revision; of the older ones any leads that were out before they were superseded. Worked
 * out from the granules alone, in the order of their topic, without a look at what the job did. For
 * streams that wait for gaps to close.
 */
final class Due {
  /** One lead of one revision of one forecast. */
  record Step(String stream, Instant issueTime, int lead, int revision) {}

  private final Map<StreamSettings, Series> series = new LinkedHashMap<>();

  Due(List<StreamSettings> streams) {
    streams.forEach(stream -> series.put(stream, new Series(stream)));
  }

  /** A field was published to the topic of a dataset: streams of another do not see it. */
  void published(String dataset, Field field) {
    series.forEach(
        (stream, published) -> {
          if (stream.dataset().equals(dataset) && stream.takes(field)) {
            published.add(stream.onGrid(field));
          }
        });
  }

  /** The newest revision of each issue time of a stream. */
  Map<Instant, Integer> revisions(StreamSettings stream) {
    return series.get(stream).revisions;
  }

  /** Every step that is due; each once. */
  Set<Step> steps() {
    Set<Step> due = new HashSet<>();
    series.forEach(
        (stream, published) ->
            published.revisions.forEach(
                (issueTime, revision) -> {
                  for (int lead = 1; lead <= stream.horizon(); lead++) {
                    due.add(new Step(stream.name(), issueTime, lead, revision));
                  }
                }));
    return due;
  }

  /**
   * What is missing and what came twice.
   *
   * @param due steps of the newest revisions
   * @param found steps of any revision
   */
  record Balance(long due, long found, long lost, long duplicates) {}

  /** Compares with what a consumer found. */
  Balance against(Iterable<Step> found) {
    Set<Step> due = steps();
    Map<Step, Integer> counts = new HashMap<>();
    long all = 0;
    for (Step step : found) {
      counts.merge(step, 1, Integer::sum);
      all++;
    }
    long lost = due.stream().filter(step -> !counts.containsKey(step)).count();
    long duplicates = all - counts.size();
    return new Balance(due.size(), all, lost, duplicates);
  }

  /** The fields of a stream as they came, and what they make due. */
  private static final class Series {
    private final StreamSettings stream;
    private final WindowSpec spec;
    private final Set<Instant> times = new HashSet<>();
    private final NavigableMap<Instant, Field> fields = new TreeMap<>(); // that may be replaced
    private final Map<Instant, Integer> revisions = new TreeMap<>();
    private Instant newest = Instant.MIN;

    Series(StreamSettings stream) {
      this.stream = stream;
      this.spec = new WindowSpec(stream);
    }

    void add(Field field) {
      Instant validAt = field.frame().validAt();
      if (!spec.isOnStep(validAt) || isTooLate(validAt)) {
        return;
      }
      newest = validAt.isAfter(newest) ? validAt : newest;
      Field before = fields.get(validAt);
      if (Arrival.of(field, before).counts()) {
        fields.put(validAt, field);
        times.add(validAt);
        for (Instant issueTime : spec.issueTimesTouchedBy(validAt)) {
          if (times.containsAll(spec.members(issueTime))) {
            revisions.merge(issueTime, 0, (old, first) -> old + 1);
          }
        }
      } else if (field.revision() > before.revision()) {
        fields.put(validAt, field);
      }
      while (isTooLate(fields.firstKey())) {
        fields.pollFirstEntry();
      }
    }

    /** Event time is a millisecond before the newest field that may still have company. */
    private boolean isTooLate(Instant validAt) {
      return !newest.equals(Instant.MIN)
          && spec.isTooLate(validAt, newest.minus(stream.lateness()).minus(Duration.ofMillis(1)));
    }
  }
}
