package etesian.ops.bench;

import etesian.ingest.field.Grid;
import etesian.ingest.kafka.Topics;
import etesian.ops.sample.SimulatedAtmosphere;
import etesian.pipeline.settings.StreamSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.JobID;

/**
 * Rollouts of t2m by M2NO through the job: as many fields as go into a batch are published at once,
 * and two consumers wait for what becomes of them. Figures, medians over the rounds: {@code
 * first_step_ms}, from before the first granule is sent until a {@code read_uncommitted} consumer
 * has the first step; {@code first_committed_ms}, until a {@code read_committed} one has it, with a
 * checkpoint every second; {@code steps_per_s} until the last; {@code peak_mib}, peak of resident
 * memory in such a round of {@link #LONG} steps, {@code peak_mib_of_10} in one of {@link #SHORT},
 * and {@code growth_percent} between them.
 */
record RolloutCase(String name, Grid grid, int batch) implements Case {
  static final int SHORT = 10;
  static final int LONG = 40;

  private static final Duration CHECKPOINTS = Duration.ofSeconds(1);

  /** Fewer rounds where one is long already. */
  private static final long MOST_CELLS = 16L * LONG * StreamGranules.GLOBE.cells();

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    for (Grid grid : List.of(SimulatedAtmosphere.GRID, StreamGranules.GLOBE)) {
      for (int batch : new int[] {1, 8, 32}) {
        String name = "%dx%d batch %d".formatted(grid.rows(), grid.columns(), batch);
        cases.add(new RolloutCase(name, grid, batch));
      }
    }
    return cases;
  }

  @Override
  public Map<String, Object> measure(Limits limits) {
    StreamSettings shorter = stream("short", SHORT);
    StreamSettings longer = stream("long", LONG);
    try (StreamRig rig = new StreamRig(List.of(shorter, longer), batch)) {
      JobID job = rig.start(CHECKPOINTS);
      Feed shortFeed = new Feed(rig, shorter);
      Feed longFeed = new Feed(rig, longer);
      round(rig, job, shortFeed); // warm-up: code compiled, heap grown
      List<Round> rounds = new ArrayList<>();
      List<Double> shortPeaks = new ArrayList<>();
      long most = Math.max(1, MOST_CELLS / ((long) batch * LONG * grid.cells()));
      for (int i = 0; i < Math.min(limits.repeats(), most); i++) {
        shortPeaks.add(round(rig, job, shortFeed).peakMib);
        rounds.add(round(rig, job, longFeed));
      }
      rig.cancel(job);
      return figures(rounds, StreamCase.median(shortPeaks));
    }
  }

  private StreamSettings stream(String name, int horizon) {
    return StreamModels.stream(
        name, name, StreamGranules.VARIABLES.get(0), grid, horizon, List.of());
  }

  /** Granules of a stream, which has all but the last field of its first window already. */
  private static final class Feed {
    private final StreamSettings stream;
    private final StreamGranules granules;

    Feed(StreamRig rig, StreamSettings stream) {
      this.stream = stream;
      granules = new StreamGranules(stream.grid());
      rig.publish(stream.dataset(), granules, stream.history() - 1);
    }
  }

  private record Round(
      double firstMillis, double committedMillis, double stepsPerSecond, double peakMib) {}

  private Round round(StreamRig rig, JobID job, Feed feed) {
    int steps = batch * feed.stream.horizon();
    try (StreamArrivals seen = new StreamArrivals(rig.kafka(), Topics.FORECASTS, false);
        StreamArrivals committed = new StreamArrivals(rig.kafka(), Topics.FORECASTS, true)) {
      ResidentMemory.Growth growth = ResidentMemory.watch();
      long start = System.nanoTime();
      rig.publish(feed.stream.dataset(), feed.granules, batch);
      seen.await(steps, () -> rig.demandRunning(job));
      double peak = growth.from() + growth.mib();
      committed.await(steps, () -> rig.demandRunning(job));
      double seconds = (seen.lastNanos() - seen.firstNanos()) / 1e9;
      return new Round(
          (seen.firstNanos() - start) / 1e6,
          (committed.firstNanos() - start) / 1e6,
          (steps - 1) / seconds,
          peak);
    }
  }

  private static Map<String, Object> figures(List<Round> rounds, double shortPeak) {
    double peak = StreamCase.median(rounds.stream().map(Round::peakMib).toList());
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put(
        "first_step_ms", StreamCase.median(rounds.stream().map(Round::firstMillis).toList()));
    figures.put(
        "first_committed_ms",
        StreamCase.median(rounds.stream().map(Round::committedMillis).toList()));
    figures.put(
        "steps_per_s", StreamCase.median(rounds.stream().map(Round::stepsPerSecond).toList()));
    figures.put("peak_mib", peak);
    figures.put("peak_mib_of_10", shortPeak);
    figures.put("growth_percent", 100 * (peak / shortPeak - 1));
    figures.put("rounds", rounds.size());
    return figures;
  }
}
