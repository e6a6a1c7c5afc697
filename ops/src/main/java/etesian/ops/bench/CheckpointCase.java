package etesian.ops.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import etesian.ingest.field.Grid;
import etesian.ingest.kafka.Topics;
import etesian.ops.sample.SimulatedAtmosphere;
import etesian.pipeline.settings.StreamSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.JobID;

/**
 * The stream of {@link StreamCase} with verification, whose state is the largest, with a checkpoint
 * every ten seconds and, in turns, with none in the time of a run. Figures, medians over the
 * rounds: {@code fields_per_s, without_fields_per_s}; {@code cost_percent}, by how much the first
 * is lower, and {@code cpu_cost_percent}, by how much more time of all cores a step takes; {@code
 * checkpoints} completed, {@code checkpoint_ms} from trigger to completion with the longest, and
 * {@code checkpoint_mib} that they write.
 */
record CheckpointCase(String name, Grid grid) implements Case {
  private static final String DATASET = "era5";
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final Duration NEVER = Duration.ofMinutes(10);
  private static final Duration WARM_UP = Duration.ofSeconds(5);

  /** As many checkpoints in each window. */
  private static final int CHECKPOINTS = 2;

  private static final ObjectMapper JSON = new ObjectMapper();

  static List<Case> all() {
    return List.of(
        new CheckpointCase("181x360 verified", StreamGranules.GLOBE),
        new CheckpointCase("32x64 verified", SimulatedAtmosphere.GRID));
  }

  @Override
  public Map<String, Object> measure(Limits limits) throws IOException {
    List<StreamSettings> streams = StreamCase.streams(grid, true);
    long intervals = Math.max(CHECKPOINTS, (long) (limits.seconds() / INTERVAL.toSeconds()));
    Duration window = INTERVAL.multipliedBy(intervals);
    try (StreamRig rig = new StreamRig(streams, StreamRig.BATCH)) {
      try (StreamAlone.Model model = new StreamAlone.Model(rig, streams, StreamRig.BATCH)) {
        double steps = model.run(1).stepsPerSecond();
        double hoursPerSecond = steps / StreamCase.HORIZON / streams.size();
        rig.publish(DATASET, new StreamGranules(grid), StreamCase.hours(hoursPerSecond, window));
      }
      List<Run> with = new ArrayList<>();
      List<Run> without = new ArrayList<>();
      Run ignored = run(rig, NEVER, WARM_UP);
      for (int round = 0; round < limits.repeats(); round++) {
        if (round % 2 == 0) {
          with.add(run(rig, INTERVAL, window));
          without.add(run(rig, NEVER, window));
        } else { // who comes first has colder code
          without.add(run(rig, NEVER, window));
          with.add(run(rig, INTERVAL, window));
        }
      }
      return figures(with, without);
    }
  }

  /**
   * @param checkpoints what Flink tells of them; a summary without any when there were none
   */
  private record Run(double fieldsPerSecond, double cpuMillisPerStep, JsonNode checkpoints) {
    double summary(String figure, String statistic) {
      return checkpoints.get("summary").get(figure).get(statistic).asDouble();
    }
  }

  private static Run run(StreamRig rig, Duration interval, Duration window) throws IOException {
    try (StreamFlow flow = new StreamFlow(rig.kafka(), Topics.FORECASTS)) {
      JobID job = rig.start(interval);
      StreamDevice device = new StreamDevice(rig.stack().flink().metrics());
      flow.await(StreamCase.BEGINNING, Duration.ZERO, () -> rig.demandRunning(job));
      device.begin();
      Duration lasted = flow.await(Duration.ZERO, window, () -> rig.demandRunning(job));
      double cpu = device.end().cpuMillisPerStep();
      JsonNode checkpoints = checkpoints(rig.stack().flink().rest(), job);
      rig.cancel(job);
      double steps = flow.read(StreamCase.BEGINNING, lasted).recordsPerSecond();
      return new Run(steps / StreamCase.HORIZON, cpu, checkpoints);
    }
  }

  private static JsonNode checkpoints(URI rest, JobID job) throws IOException {
    try (InputStream in = rest.resolve("/jobs/" + job + "/checkpoints").toURL().openStream()) {
      return JSON.readTree(in);
    }
  }

  private static Map<String, Object> figures(List<Run> with, List<Run> without) {
    double rate = StreamCase.median(with.stream().map(Run::fieldsPerSecond).toList());
    double rateWithout = StreamCase.median(without.stream().map(Run::fieldsPerSecond).toList());
    double cpu = StreamCase.median(with.stream().map(Run::cpuMillisPerStep).toList());
    double cpuWithout = StreamCase.median(without.stream().map(Run::cpuMillisPerStep).toList());
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("fields_per_s", rate);
    figures.put("without_fields_per_s", rateWithout);
    figures.put("cost_percent", 100 * (1 - rate / rateWithout));
    figures.put("cpu_cost_percent", 100 * (cpu / cpuWithout - 1));
    figures.put(
        "checkpoints",
        with.stream().mapToInt(r -> r.checkpoints.get("counts").get("completed").asInt()).sum());
    figures.put("checkpoint_ms", median(with, "end_to_end_duration", "avg"));
    figures.put(
        "longest_checkpoint_ms",
        with.stream().mapToDouble(r -> r.summary("end_to_end_duration", "max")).max().orElse(0));
    figures.put("checkpoint_mib", median(with, "checkpointed_size", "avg") / (1 << 20));
    figures.put("rounds", with.size());
    return figures;
  }

  private static double median(List<Run> runs, String figure, String statistic) {
    return StreamCase.median(runs.stream().map(r -> r.summary(figure, statistic)).toList());
  }
}
