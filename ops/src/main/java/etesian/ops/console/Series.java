package etesian.ops.console;

import etesian.ingest.field.Forecast;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Variable;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/** The newest forecasts of one variable of one stream, and what was observed. */
final class Series {
  /** One issue time, which may still be coming in. */
  static final class Issue {
    String model;
    String weightsSha256;
    int revision;
    final NavigableMap<Integer, Shown> leads = new TreeMap<>();

    private long bytes() {
      return leads.values().stream().mapToLong(Shown::bytes).sum();
    }
  }

  final NavigableMap<Instant, Issue> issues = new TreeMap<>();
  final NavigableMap<Instant, float[]> observed = new TreeMap<>();
  private Variable variable; // null until the first field
  private Grid grid;
  private long bytes;

  long bytes() {
    return bytes;
  }

  Variable variable() {
    return variable;
  }

  Grid grid() {
    return grid;
  }

  /** SHA-256 of the weights of all issue times that are kept. */
  Set<String> weights() {
    Set<String> weights = new LinkedHashSet<>();
    issues.values().forEach(issue -> weights.add(issue.weightsSha256));
    return weights;
  }

  /** A stream whose grid has changed begins anew: nothing before can be laid over it. */
  void isOf(Variable newVariable, Grid newGrid) {
    if (!newGrid.equals(grid)) {
      issues.clear();
      observed.clear();
      bytes = 0;
      grid = newGrid;
    }
    variable = newVariable;
  }

  /** Whether what is newer than a forecast lies on another grid. */
  boolean hasLeftGrid(Forecast forecast) {
    Instant time = forecast.issueTime();
    return !forecast.grid().equals(grid) && (isBefore(time, issues) || isBefore(time, observed));
  }

  private static boolean isBefore(Instant time, NavigableMap<Instant, ?> known) {
    return !known.isEmpty() && time.isBefore(known.lastKey());
  }

  /** Adds a step; of several revisions the newest stays. */
  void add(Forecast forecast, int lead, Shown shown) {
    Issue issue = issues.computeIfAbsent(forecast.issueTime(), time -> new Issue());
    Shown before = issue.leads.get(lead);
    if (before != null && before.revision() > forecast.revision()) {
      return;
    }
    if (issue.model == null || issue.revision <= forecast.revision()) {
      issue.model = forecast.model();
      issue.weightsSha256 = forecast.weightsSha256();
      issue.revision = forecast.revision();
    }
    bytes += shown.bytes() - (before == null ? 0 : before.bytes());
    issue.leads.put(lead, shown);
  }

  void add(Instant validAt, float[] values) {
    float[] before = observed.put(validAt, values);
    bytes += 4L * (values.length - (before == null ? 0 : before.length));
  }

  void dropOldestIssue() {
    bytes -= issues.pollFirstEntry().getValue().bytes();
  }

  void dropOldestObservation() {
    bytes -= 4L * observed.pollFirstEntry().getValue().length;
  }

  /** Lets the oldest go; false when only one issue time and one observation are left. */
  boolean shrink() {
    boolean observation =
        observed.size() > 1
            && (issues.size() <= 1 || observed.firstKey().isBefore(issues.firstKey()));
    if (observation) {
      dropOldestObservation();
    } else if (issues.size() > 1) {
      dropOldestIssue();
    } else {
      return false;
    }
    return true;
  }
}
