package etesian.ops.bench;

import etesian.ingest.field.Grid;
import etesian.ingest.kafka.Topics;
import etesian.pipeline.settings.StreamSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobID;

/**
 * A replay of simulated ERA5 through the job: every hour a file with three variables, decoded,
 * windowed, forecast by M2NO {@link #HORIZON} steps ahead, sunk by transactions. Beside it, in
 * turns, the model alone: the same steps in the same batches without Flink; and the broker alone:
 * the same bytes sent by a transaction and read by a {@code read_committed} consumer.
 *
 * <p>Rates are counted by the broker's clock in a window that begins {@link #BEGINNING} after the
 * first forecast of a job, while the replay goes on. Figures, medians over the rounds: {@code
 * fields_per_s} taken in and {@code steps_per_s} given out, {@code mb_per_s} of granules and
 * forecasts together; {@code model_alone_fields_per_s, broker_alone_fields_per_s}; {@code
 * share_of_slower}, median of the shares within a round, and the least of them; {@code
 * device_share}, how much of the time the device computes, and {@code batch_mean}; {@code
 * cpu_ms_per_step}, time of all cores in this process for a step of a forecast with all that
 * belongs to it, and {@code model_share_of_cpu}, what the model alone takes of it, which holds on a
 * busy machine too.
 *
 * @param verified leads that are scored: none, or all
 * @param peers programs that do the same, see {@link StreamPeer}
 */
record StreamCase(String name, Grid grid, boolean verified, List<Path> peers) implements Case {
  static final int HORIZON = 4;
  static final Duration BEGINNING = Duration.ofSeconds(4);

  private static final String DATASET = "era5";
  private static final Duration CHECKPOINTS = Duration.ofSeconds(10);

  /** So much more is published than the model alone would need: it is faster at times. */
  private static final double RESERVE = 2;

  static List<Case> all(List<Path> peers) {
    return List.of(
        new StreamCase("181x360", StreamGranules.GLOBE, false, peers),
        new StreamCase("181x360 verified", StreamGranules.GLOBE, true, List.of()));
  }

  /** Streams of the three variables. */
  static List<StreamSettings> streams(Grid grid, boolean verified) {
    List<Integer> leads = verified ? IntStream.rangeClosed(1, HORIZON).boxed().toList() : List.of();
    return StreamGranules.VARIABLES.stream()
        .map(v -> StreamModels.stream(v.name(), DATASET, v, grid, HORIZON, leads))
        .toList();
  }

  @Override
  public Map<String, Object> measure(Limits limits) throws IOException {
    Duration window = Duration.ofMillis((long) (1e3 * Math.max(limits.seconds(), 1)));
    List<StreamSettings> streams = streams(grid, verified);
    try (StreamRig rig = new StreamRig(streams, StreamRig.BATCH);
        StreamAlone.Model model = new StreamAlone.Model(rig, streams, StreamRig.BATCH)) {
      double expected = model.run(limits.seconds()).stepsPerSecond() / HORIZON / streams.size();
      int hours = hours(expected, window);
      long granuleBytes = rig.publish(DATASET, new StreamGranules(grid), hours) / hours;
      Rounds rounds = new Rounds(granuleBytes);
      for (int round = 0; round < limits.repeats(); round++) {
        StreamAlone.Rate alone = model.run(limits.seconds());
        double brokerBytes =
            StreamAlone.brokerBytesPerSecond(rig, "broker-alone-" + round, rounds.sizes(grid));
        rounds.add(alone, brokerBytes, replay(rig, window, rounds));
      }
      Map<String, Object> figures = rounds.figures();
      for (Path peer : peers) {
        figures.putAll(new StreamPeer(peer).measure(rig, streams, figures, window));
      }
      return figures;
    }
  }

  static int hours(double hoursPerSecond, Duration window) {
    return (int) (RESERVE * hoursPerSecond * BEGINNING.plus(window).plusSeconds(1).toMillis() / 1e3)
        + 48;
  }

  private static StreamFlow.Window replay(StreamRig rig, Duration window, Rounds rounds) {
    try (StreamFlow flow = new StreamFlow(rig.kafka(), Topics.FORECASTS)) {
      JobID job = rig.start(CHECKPOINTS);
      StreamDevice device = new StreamDevice(rig.stack().flink().metrics());
      flow.await(BEGINNING, Duration.ZERO, () -> rig.demandRunning(job));
      device.begin();
      Duration lasted = flow.await(Duration.ZERO, window, () -> rig.demandRunning(job));
      rounds.device.add(device.end());
      rig.cancel(job);
      return flow.read(BEGINNING, lasted);
    }
  }

  /** What the rounds gave. */
  private static final class Rounds {
    private final long granuleBytes;
    private final Map<String, List<Double>> values = new LinkedHashMap<>();
    private final List<StreamDevice.Use> device = new ArrayList<>();

    Rounds(long granuleBytes) {
      this.granuleBytes = granuleBytes;
    }

    /** Records of some hours: a granule, and the forecasts that its fields begin. */
    int[] sizes(Grid grid) {
      int hours = Math.max(1, (int) (32e6 / (bytesPerField(grid.cells() * Float.BYTES) * 3)));
      int[] sizes = new int[hours * (1 + 3 * HORIZON)];
      Arrays.fill(sizes, grid.cells() * Float.BYTES);
      for (int hour = 0; hour < hours; hour++) {
        sizes[hour * (1 + 3 * HORIZON)] = (int) granuleBytes;
      }
      return sizes;
    }

    private double bytesPerField(double forecastBytes) {
      return granuleBytes / 3.0 + HORIZON * forecastBytes;
    }

    void add(StreamAlone.Rate alone, double brokerBytes, StreamFlow.Window replay) {
      double fields = replay.recordsPerSecond() / HORIZON;
      double bytes = bytesPerField((double) replay.bytes() / replay.records());
      double model = alone.stepsPerSecond() / HORIZON;
      double broker = brokerBytes / bytes;
      put("fields_per_s", fields);
      put("steps_per_s", replay.recordsPerSecond());
      put("mb_per_s", fields * bytes / 1e6);
      put("model_alone_fields_per_s", model);
      put("broker_alone_fields_per_s", broker);
      put("share_of_slower", fields / Math.min(model, broker));
      double cpu = device.get(device.size() - 1).cpuMillisPerStep();
      put("cpu_ms_per_step", cpu);
      put("model_share_of_cpu", alone.cpuMillisPerStep() / cpu);
    }

    private void put(String name, double value) {
      values.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
    }

    Map<String, Object> figures() {
      Map<String, Object> figures = new LinkedHashMap<>();
      values.forEach((name, all) -> figures.put(name, median(all)));
      figures.put("least_share", values.get("share_of_slower").stream().min(Double::compare).get());
      figures.put("device_share", median(device.stream().map(StreamDevice.Use::share).toList()));
      figures.put("batch_mean", median(device.stream().map(StreamDevice.Use::batchMean).toList()));
      figures.put("rounds", device.size());
      return figures;
    }
  }

  static double median(List<Double> values) {
    return TimedCase.median(values.stream().mapToDouble(v -> v).sorted().toArray());
  }
}
