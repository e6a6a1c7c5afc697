package etesian.ops.demo;

import etesian.ingest.field.Field;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.window.WindowSpec;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a run owes its consumers: every lead of every issue time whose history was published. Worked
 * out from the granules alone, without a look at what the job did.
 */
final class Due {
  /** One lead of one forecast. */
  record Step(String stream, Instant issueTime, int lead) {}

  private final Map<StreamSettings, Set<Instant>> times = new LinkedHashMap<>();

  Due(List<StreamSettings> streams) {
    streams.forEach(stream -> times.put(stream, new HashSet<>()));
  }

  /** A field was published to the topic of a dataset: streams of another do not see it. */
  void published(String dataset, Field field) {
    times.forEach(
        (stream, seen) -> {
          if (stream.dataset().equals(dataset) && stream.takes(field)) {
            seen.add(field.frame().validAt());
          }
        });
  }

  /** Every step that is due; each once. */
  Set<Step> steps() {
    Set<Step> due = new HashSet<>();
    times.forEach(
        (stream, seen) -> {
          WindowSpec spec = new WindowSpec(stream);
          for (Instant time : seen) {
            if (spec.isOnStep(time)
                && spec.isIssueTime(time)
                && seen.containsAll(spec.members(time))) {
              for (int lead = 1; lead <= stream.horizon(); lead++) {
                due.add(new Step(stream.name(), time, lead));
              }
            }
          }
        });
    return due;
  }

  /** What is missing and what came twice. */
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
}
