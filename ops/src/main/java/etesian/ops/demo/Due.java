package etesian.ops.demo;

import etesian.ingest.field.Field;
import etesian.pipeline.revision.Arrival;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.StreamVariable;
import etesian.pipeline.window.WindowSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
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
  /** One lead of one variable of one revision of one forecast. */
  record Step(String stream, String variable, Instant issueTime, int lead, int revision) {}

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
                  for (StreamVariable variable : stream.variables()) {
                    for (int lead = 1; lead <= stream.horizon(); lead++) {
                      due.add(new Step(stream.name(), variable.name(), issueTime, lead, revision));
                    }
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
    private final Set<Key> seen = new HashSet<>();
    private final NavigableMap<Key, Field> fields = new TreeMap<>(); // that may be replaced
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
      Key key = new Key(validAt, field.frame().variable().name());
      Field before = fields.get(key);
      if (Arrival.of(field, before).counts()) {
        fields.put(key, field);
        seen.add(key);
        for (Instant issueTime : spec.issueTimesTouchedBy(validAt)) {
          if (isComplete(issueTime)) {
            revisions.merge(issueTime, 0, (old, first) -> old + 1);
          }
        }
      } else if (field.revision() > before.revision()) {
        fields.put(key, field);
      }
      while (isTooLate(fields.firstKey().validAt)) {
        fields.pollFirstEntry();
      }
    }

    private boolean isComplete(Instant issueTime) {
      return spec.members(issueTime).stream()
          .allMatch(
              validAt ->
                  stream.variables().stream()
                      .allMatch(variable -> seen.contains(new Key(validAt, variable.name()))));
    }

    /** Where a field has its place. */
    private record Key(Instant validAt, String variable) implements Comparable<Key> {
      @Override
      public int compareTo(Key other) {
        return Comparator.comparing(Key::validAt).thenComparing(Key::variable).compare(this, other);
      }
    }

    /** Event time is a millisecond before the newest field that may still have company. */
    private boolean isTooLate(Instant validAt) {
      return !newest.equals(Instant.MIN)
          && spec.isTooLate(validAt, newest.minus(stream.lateness()).minus(Duration.ofMillis(1)));
    }
  }
}
