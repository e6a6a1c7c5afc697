package etesian.ops.bench;

import etesian.ingest.kafka.Topics;
import etesian.ops.cluster.ClusterJars;
import etesian.ops.cluster.FlinkRest.Checkpoint;
import etesian.ops.cluster.LocalCluster;
import etesian.ops.cluster.RemoteFlink;
import etesian.ops.demo.SimulatedScenario;
import etesian.ops.run.JobRunner;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.settings.DeviceSettings;
import etesian.pipeline.settings.KafkaSettings;
import etesian.pipeline.settings.PipelineSettings;
import etesian.pipeline.settings.StreamSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobID;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * The streams of the demo on a {@link LocalCluster} of its own, deterministic: results do not
 * depend on what happened meanwhile.
 */
final class ChaosRun implements AutoCloseable {
  private static final int TASK_MANAGERS = 2;

  /** One TaskManager alone can run the job at the parallelism that it is changed to. */
  private static final int SLOTS = 2;

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration LOOK = Duration.ofMillis(300);

  private final LocalCluster cluster;
  private final PipelineSettings settings;
  private final Thread watch = new Thread(this::watchCheckpoints, "etesian-chaos-checkpoints");
  private final Map<Instant, Instant> checkpoints = new TreeMap<>(); // begun, complete
  private volatile double peakMebibytes = Double.NaN;
  private volatile RemoteFlink flink;
  private volatile JobID job;

  private ChaosRun(LocalCluster cluster, PipelineSettings settings) {
    this.cluster = cluster;
    this.settings = settings;
    watch.setDaemon(true);
  }

  /** Starts a cluster and the job on it. */
  static ChaosRun start(Path folder, Consumer<String> say) throws InterruptedException {
    LocalCluster cluster = LocalCluster.start(folder, TASK_MANAGERS, SLOTS);
    try {
      ChaosRun run = new ChaosRun(cluster, settings(folder, cluster.brokers()));
      run.submit(1, say);
      run.watch.start();
      return run;
    } catch (RuntimeException | InterruptedException e) {
      cluster.close();
      throw e;
    }
  }

  private static PipelineSettings settings(Path folder, String brokers) {
    var streams = new SimulatedScenario().streams();
    PipelineSettings settings =
        new PipelineSettings(
            "chaos",
            new KafkaSettings(brokers, Map.of(), Duration.ofMinutes(10)),
            folder.resolve("weights").toAbsolutePath(),
            folder.resolve("state").toAbsolutePath(),
            Duration.ofSeconds(1),
            Duration.ofMinutes(1),
            512,
            new DeviceSettings(16, 16, 256 << 10, 2, true),
            List.copyOf(streams.keySet()));
    streams.values().forEach(new WeightsStore(settings.weights())::put);
    return settings;
  }

  private void submit(int parallelism, Consumer<String> say) throws InterruptedException {
    flink = RemoteFlink.at(cluster.address());
    StreamExecutionEnvironment env = flink.environment();
    JobRunner.define(env, settings, parallelism, Integer.MAX_VALUE, Optional.of(settings.state()));
    job = flink.submit(env, settings.job(), ClusterJars.here());
    flink.awaitRunning(job, PATIENCE, say);
  }

  /**
   * Cancels the job and submits it again: it goes on from the checkpoint that it retained.
   *
   * @return forecasts that were in their middle
   */
  long cancelAndResubmit(int parallelism, ChaosRecords records, Consumer<String> say)
      throws InterruptedException {
    flink.cancel(job);
    records.poll();
    long inTheirMiddle = inTheirMiddle(records);
    submit(parallelism, say);
    return inTheirMiddle;
  }

  /** Forecasts of which only the first leads are among the records. */
  long inTheirMiddle(ChaosRecords records) {
    return records.inTheirMiddle(
        settings.streams().stream()
            .collect(Collectors.toMap(StreamSettings::name, StreamSettings::horizon)));
  }

  PipelineSettings settings() {
    return settings;
  }

  KafkaSettings kafka() {
    return settings.kafka();
  }

  List<String> granuleTopics() {
    return settings.streams().stream()
        .map(stream -> Topics.granules(stream.dataset()))
        .distinct()
        .toList();
  }

  /** {@code kill -9} of a process. */
  String kill(ChaosPlan.Kill kill) {
    return cluster.kill(kill.role(), (int) (kill.dice() * cluster.count(kill.role())));
  }

  private void watchCheckpoints() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        try {
          for (Checkpoint checkpoint : flink.rest().checkpoints(job)) {
            synchronized (checkpoints) {
              checkpoints.put(checkpoint.triggered(), checkpoint.completed());
            }
          }
        } catch (IOException dead) {
          // the JobManager is being started again
        }
        for (long process : cluster.processes(LocalCluster.Role.TASK_MANAGER)) {
          peakMebibytes = max(peakMebibytes, ResidentMemory.mib(process));
        }
        Thread.sleep(LOOK.toMillis());
      }
    } catch (InterruptedException end) {
      // closed
    }
  }

  private static double max(double one, double other) {
    return Double.isNaN(one) || other > one ? other : one;
  }

  /** The most that any TaskManager held in memory; NaN where the system does not tell. */
  double peakMebibytes() {
    return peakMebibytes;
  }

  /** How many were completed, and the longest time without one. */
  ChaosReport.Checkpoints checkpointsBetween(Instant begin, Instant end) {
    List<Instant> moments = new ArrayList<>(List.of(begin, end));
    synchronized (checkpoints) {
      checkpoints.values().stream()
          .filter(done -> done.isAfter(begin) && done.isBefore(end))
          .forEach(moments::add);
    }
    Collections.sort(moments);
    double longest = 0;
    for (int i = 1; i < moments.size(); i++) {
      Duration gap = Duration.between(moments.get(i - 1), moments.get(i));
      longest = Math.max(longest, gap.toMillis() / 1000.0);
    }
    return new ChaosReport.Checkpoints(moments.size() - 2, longest);
  }

  /** From a moment to the completion of the first checkpoint that began after it, if there was. */
  Optional<Duration> recovery(Instant moment) {
    synchronized (checkpoints) {
      return checkpoints.entrySet().stream()
          .filter(checkpoint -> checkpoint.getKey().isAfter(moment))
          .findFirst()
          .map(checkpoint -> Duration.between(moment, checkpoint.getValue()));
    }
  }

  /** Waits until a checkpoint that began after a moment is complete. */
  void awaitRecovery(Instant moment, Duration patience) throws InterruptedException {
    Instant end = Instant.now().plus(patience);
    while (recovery(moment).isEmpty()) {
      demandRunning();
      if (Instant.now().isAfter(end)) {
        throw new IllegalStateException(
            "no checkpoint for %d s after %s".formatted(patience.toSeconds(), moment));
      }
      Thread.sleep(LOOK.toMillis());
    }
  }

  /** A job that restarts is well; one that ended is not. */
  void demandRunning() {
    try {
      String state = flink.rest().state(job);
      if (List.of("FAILED", "CANCELED", "FINISHED").contains(state)) {
        throw new IllegalStateException(
            "the job is %s: %s".formatted(state, flink.rest().failure(job)));
      }
    } catch (IOException dead) {
      // the JobManager is being started again
    }
  }

  /** Offsets that are gone from the beginnings of the topics, over all of them. */
  long deletedOffsets() throws InterruptedException {
    try (Admin admin = Admin.create(kafka().client())) {
      List<String> datasets = settings.streams().stream().map(StreamSettings::dataset).toList();
      Map<TopicPartition, OffsetSpec> earliest =
          admin.describeTopics(Topics.all(datasets)).allTopicNames().get().values().stream()
              .flatMap(
                  topic ->
                      topic.partitions().stream()
                          .map(p -> new TopicPartition(topic.name(), p.partition())))
              .filter(partition -> !partition.topic().equals(Topics.CHAMPIONS)) // is compacted
              .collect(Collectors.toMap(p -> p, p -> OffsetSpec.earliest()));
      return admin.listOffsets(earliest).all().get().values().stream()
          .mapToLong(info -> info.offset())
          .sum();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the broker does not tell its offsets", e.getCause());
    }
  }

  @Override
  public void close() {
    watch.interrupt();
    cluster.close();
  }
}
