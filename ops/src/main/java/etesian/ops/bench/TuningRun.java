package etesian.ops.bench;

import etesian.ingest.field.Variable;
import etesian.ops.bench.TuningLatency.Place;
import etesian.ops.bench.TuningReport.Quantiles;
import etesian.ops.bench.TuningReport.Sample;
import etesian.ops.cluster.ClusterJars;
import etesian.ops.cluster.LocalCluster;
import etesian.ops.cluster.RemoteFlink;
import etesian.ops.demo.GranuleSender;
import etesian.ops.demo.Scenario.Granule;
import etesian.ops.run.JobRunner;
import etesian.ops.sample.SimulatedAtmosphere;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.settings.DeviceSettings;
import etesian.pipeline.settings.KafkaSettings;
import etesian.pipeline.settings.PipelineSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.apache.flink.api.common.JobID;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A stream on a {@link LocalCluster} of its own, that learns somewhere or nowhere. */
final class TuningRun implements AutoCloseable {
  private static final Variable T2M = StreamGranules.VARIABLES.get(0);
  private static final String DATASET = "era5";
  private static final int HORIZON = 4;

  /** Windows that a lesson takes. */
  private static final int WINDOWS = 40;

  /**
   * Granules from one checkpoint to the next. No ratio of small numbers, so that granules come at
   * all distances from checkpoints, as often at each: with four to a checkpoint, what one of them
   * costs would fall on every fourth granule of one run and on none of the next.
   */
  private static final double GRANULES_PER_CHECKPOINT = 2 + (1 + Math.sqrt(5)) / 2;

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** So old metrics may be that Flink shows; {@code ClusterFiles} has a third of it. */
  private static final Duration FRESH = Duration.ofSeconds(3);

  private static final String SERVES = "etesian-device";
  private static final String LEARNS = "etesian-tuning-";

  private final LocalCluster cluster;
  private final PipelineSettings settings;
  private final GranuleSender sender;
  private RemoteFlink flink;
  private JobID job;
  private int hour; // of the next granule

  private TuningRun(LocalCluster cluster, PipelineSettings settings) {
    this.cluster = cluster;
    this.settings = settings;
    sender = new GranuleSender(settings.kafka());
  }

  /** Starts a cluster and the job on it. */
  static TuningRun start(Path folder, Place place, int threads, double perSecond)
      throws InterruptedException {
    LocalCluster cluster = LocalCluster.start(folder, place.taskManagers, place.slots);
    try {
      Duration checkpoints =
          Duration.ofMillis(Math.round(1e3 * GRANULES_PER_CHECKPOINT / perSecond));
      TuningRun run =
          new TuningRun(cluster, settings(folder, cluster.brokers(), place, threads, checkpoints));
      run.submit();
      return run;
    } catch (RuntimeException | InterruptedException e) {
      cluster.close();
      throw e;
    }
  }

  private static PipelineSettings settings(
      Path folder, String brokers, Place place, int threads, Duration checkpoints) {
    StreamSettings stream =
        StreamModels.stream(
            T2M.name(), DATASET, T2M, SimulatedAtmosphere.GRID, HORIZON, List.of(1, HORIZON));
    new WeightsStore(folder.resolve("weights")).put(StreamModels.weights(stream));
    return new PipelineSettings(
        "tuning",
        new KafkaSettings(brokers, Map.of(), Duration.ofMinutes(10)),
        folder.resolve("weights").toAbsolutePath(),
        folder.resolve("state").toAbsolutePath(),
        checkpoints,
        Duration.ofMinutes(1),
        512,
        new DeviceSettings(16, 16, 1 << 20, threads),
        List.of(place == Place.NOWHERE ? stream : stream.withTuning(oneLongLesson())));
  }

  /** Begins when there are windows for it, and outlasts the measurement. */
  private static TuningSettings oneLongLesson() {
    return TuningSettings.OFF.with(
        t ->
            t.every(WINDOWS)
                .atLeast(WINDOWS)
                .steps(Integer.MAX_VALUE)
                .budget(Duration.ofHours(1))
                .learningRate(1e-6));
  }

  private void submit() throws InterruptedException {
    flink = RemoteFlink.at(cluster.address());
    StreamExecutionEnvironment env = flink.environment();
    JobRunner.define(env, settings, 1, 0, Optional.of(settings.state()));
    job = flink.submit(env, settings.job(), ClusterJars.here());
    flink.awaitRunning(job, PATIENCE, line -> {}); // it has every slot to itself
  }

  /**
   * Sends granules one after the other.
   *
   * @param perSecond 0 for as fast as the broker takes them
   * @return when each was about to be sent, of {@link System#nanoTime}, by issue time
   */
  Map<Instant, Long> send(List<byte[]> granules, double perSecond) throws InterruptedException {
    Map<Instant, Long> sent = new TreeMap<>();
    long begin = System.nanoTime();
    for (int i = 0; i < granules.size(); i++) {
      if (perSecond > 0) {
        long due = begin + Math.round(i / perSecond * 1e9);
        Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())).toMillis());
      }
      Instant at = StreamGranules.START.plus(StreamGranules.STEP.multipliedBy(hour));
      sent.put(at, System.nanoTime());
      sender.send(new Granule(DATASET, DATASET + "-" + hour++, granules.get(i), Duration.ZERO));
    }
    return sent;
  }

  /** Sends granules at a pace and takes the time of their forecasts. */
  Sample measure(List<byte[]> granules, double perSecond) throws InterruptedException {
    demandPlaces();
    try (IssueArrivals seen = new IssueArrivals(settings.kafka(), false);
        IssueArrivals committed = new IssueArrivals(settings.kafka(), true)) {
      long begin = System.nanoTime();
      double serving = cores(SERVES);
      double learning = cores(LEARNS);
      Map<Instant, Long> sent = send(granules, perSecond);
      double seconds = (System.nanoTime() - begin) / 1e9;
      double servingCores = (cores(SERVES) - serving) / seconds;
      double lessonCores = (cores(LEARNS) - learning) / seconds;
      return new Sample(
          latencies(sent, seen, 1),
          latencies(sent, seen, HORIZON),
          latencies(sent, committed, HORIZON),
          steps(),
          servingCores,
          lessonCores);
    }
  }

  /** Waits for the lesson, and sees to it that it is given where it should be. */
  private void demandPlaces() throws InterruptedException {
    List<Long> processes = cluster.processes(LocalCluster.Role.TASK_MANAGER);
    boolean learns = settings.streams().get(0).tuning().on();
    long patience = System.nanoTime() + PATIENCE.toNanos();
    while (learns && cores(LEARNS) == 0 && System.nanoTime() < patience) {
      Thread.sleep(100);
    }
    boolean together =
        processes.stream()
            .anyMatch(
                process ->
                    ThreadTime.seconds(process, SERVES) > 0
                        && ThreadTime.seconds(process, LEARNS) > 0);
    boolean expected = learns && processes.size() == 1;
    boolean told = !Double.isNaN(cores(LEARNS));
    if ((told && together != expected) || (learns && cores(LEARNS) == 0)) {
      throw new IllegalStateException(
          "%d TaskManagers, lessons %s beside forecasts, %.2f s of lessons so far; see %s"
              .formatted(
                  processes.size(), together ? "run" : "do not run", cores(LEARNS), cluster));
    }
  }

  private double cores(String thread) {
    return cluster.processes(LocalCluster.Role.TASK_MANAGER).stream()
        .mapToDouble(process -> ThreadTime.seconds(process, thread))
        .sum();
  }

  private double[] latencies(Map<Instant, Long> sent, IssueArrivals arrivals, int lead)
      throws InterruptedException {
    long patience = System.nanoTime() + PATIENCE.toNanos();
    double[] millis = new double[sent.size()];
    int i = 0;
    for (Map.Entry<Instant, Long> window : sent.entrySet()) {
      while (arrivals.nanosOf(window.getKey(), lead).isEmpty()) {
        if (System.nanoTime() > patience) {
          throw new IllegalStateException(
              "no lead %d of the forecast of %s; see %s".formatted(lead, window.getKey(), cluster));
        }
        Thread.sleep(10);
      }
      long arrived = arrivals.nanosOf(window.getKey(), lead).orElseThrow();
      millis[i++] = (arrived - window.getValue()) / 1e6;
    }
    return millis;
  }

  /** As the operator has them, of its last 512 steps. */
  private Quantiles steps() throws InterruptedException {
    metric(".step_seconds_median"); // makes the JobManager ask the TaskManagers
    Thread.sleep(FRESH.toMillis());
    return new Quantiles(
        metric(".step_seconds_median"), metric(".step_seconds_p95"), metric(".step_seconds_p99"));
  }

  private double metric(String name) throws InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (Instant.now().isBefore(end)) {
      try {
        OptionalDouble found = flink.rest().metric(job, name);
        if (found.isPresent() && Double.isFinite(found.getAsDouble())) {
          return 1e3 * found.getAsDouble();
        }
      } catch (IOException e) {
        throw new IllegalStateException("Flink does not tell its metrics: " + e, e);
      }
      Thread.sleep(200);
    }
    throw new IllegalStateException("Flink has no metric that ends with " + name);
  }

  @Override
  public void close() {
    sender.close();
    cluster.close();
  }
}
