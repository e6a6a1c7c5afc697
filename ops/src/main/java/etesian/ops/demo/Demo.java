package etesian.ops.demo;

import etesian.ingest.kafka.Topics;
import etesian.operators.Devices;
import etesian.operators.Weights;
import etesian.ops.console.Console;
import etesian.ops.console.ConsoleSettings;
import etesian.ops.embedded.TemporaryFolder;
import etesian.ops.metrics.ProcessMetrics;
import etesian.ops.metrics.PublishMetrics;
import etesian.ops.run.JobRunner;
import etesian.ops.run.Lag;
import etesian.ops.run.Stack;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.settings.DeviceSettings;
import etesian.pipeline.settings.KafkaSettings;
import etesian.pipeline.settings.PipelineSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.tune.FirstWeights;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobID;

/**
 * The main job with everything embedded: starts the stack, gives each stream its first weights,
 * submits, publishes, ends the job with a drained savepoint and counts what a consumer finds.
 */
public final class Demo {
  private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(1);

  /** A demo that fails again and again should say so instead of trying for ever. */
  private static final int RESTARTS = 3;

  /** Without a forecast for so long, several checkpoints, a run has caught up. */
  private static final Duration QUIET = CHECKPOINT_INTERVAL.multipliedBy(3);

  private static final Duration PATIENCE = Duration.ofMinutes(30);

  /** One for learning, should a stream do so. */
  private static final int SLOTS = 2;

  private final Instant startedAt;
  private final Stack.ListenOn ports;
  private final int consolePort;
  private final Consumer<URI> visit;
  private final Consumer<String> say;

  /**
   * @param startedAt when the user gave the command
   * @param consolePort of the page, on loopback; 0 for any free one
   * @param visit gets the address of the page, once it is served
   * @param say prints a line
   */
  public Demo(
      Instant startedAt,
      Stack.ListenOn ports,
      int consolePort,
      Consumer<URI> visit,
      Consumer<String> say) {
    this.startedAt = startedAt;
    this.ports = ports;
    this.consolePort = consolePort;
    this.visit = visit;
    this.say = say;
  }

  /**
   * @param data files or folders; the simulated world when empty
   * @param trainer of first weights, for data
   * @param publishFor how long granules are published; without end when empty, unless they end
   */
  public Report run(List<Path> data, FirstWeights trainer, Optional<Duration> publishFor)
      throws InterruptedException {
    Scenario scenario =
        data.isEmpty() ? new SimulatedScenario() : new FileScenario(data, trainer::train, say);
    return run(scenario, publishFor);
  }

  Report run(Scenario scenario, Optional<Duration> publishFor) throws InterruptedException {
    say.accept(scenario.title());
    KafkaSettings embedded =
        new KafkaSettings(KafkaSettings.EMBEDDED, Map.of(), Duration.ofMinutes(10));
    try (TemporaryFolder folder = TemporaryFolder.create("etesian-demo-", 256);
        Stack stack = Stack.start(embedded, ports, SLOTS)) {
      say.accept(
          "Kafka on %s, Flink on %s, metrics on %s"
              .formatted(stack.kafka().brokers(), stack.flink().rest(), stack.flink().metrics()));
      DeviceSettings device = device();
      Devices.setThreads(device.threads());
      Map<StreamSettings, Weights> firstWeights = scenario.streams();
      List<StreamSettings> streams = List.copyOf(firstWeights.keySet());
      PipelineSettings settings =
          new PipelineSettings(
              "demo",
              stack.kafka(),
              folder.folder("weights"),
              folder.folder("state"),
              CHECKPOINT_INTERVAL,
              Duration.ofMinutes(5),
              512,
              device,
              streams);
      firstWeights.values().forEach(new WeightsStore(settings.weights())::put);
      JobID job = JobRunner.submit(settings, stack, RESTARTS, Optional.empty());
      Double firstForecastSeconds;
      ProcessMetrics metrics = new ProcessMetrics();
      PublishMetrics published = new PublishMetrics(metrics);
      ConsoleSettings page = ConsoleSettings.of(settings, consolePort, scenario.notice());
      try (Watch watch = new Watch(settings.kafka());
          Console console = Console.start(page, metrics)) {
        say.accept("console on " + console.page());
        visit.accept(console.page());
        publish(scenario, settings, stack, job, watch, published, publishFor);
        finish(settings, stack, job, watch);
        firstForecastSeconds = secondsUntil(watch.firstForecastAt());
      }
      say.accept("reading everything back");
      return Findings.read(settings.kafka(), streams)
          .report(secondsUntil(Instant.now()), firstForecastSeconds);
    }
  }

  private static DeviceSettings device() {
    int cores = Runtime.getRuntime().availableProcessors();
    return new DeviceSettings(64, 32, 64L << 20, Math.max(1, cores / 2));
  }

  private void publish(
      Scenario scenario,
      PipelineSettings settings,
      Stack stack,
      JobID job,
      Watch watch,
      PublishMetrics published,
      Optional<Duration> publishFor)
      throws InterruptedException {
    Instant end = publishFor.map(Instant.now()::plus).orElse(Instant.MAX);
    StatusLine status = new StatusLine(say, watch);
    Iterator<Scenario.Granule> granules = scenario.granules();
    try (GranuleSender sender = new GranuleSender(settings.kafka())) {
      while (granules.hasNext() && Instant.now().isBefore(end)) {
        Scenario.Granule granule = granules.next();
        sender.send(granule);
        published.acknowledged(Path.of(granule.name()), granule.bytes().length);
        demandRunning(stack, job);
        status.update();
        Thread.sleep(granule.pause().toMillis());
      }
    }
  }

  /** Waits until the job has taken every granule, then lets it end in good order. */
  private void finish(PipelineSettings settings, Stack stack, JobID job, Watch watch)
      throws InterruptedException {
    StatusLine status = new StatusLine(say, watch);
    List<String> topics =
        settings.streams().stream()
            .map(stream -> Topics.granules(stream.dataset()))
            .distinct()
            .toList();
    Instant patience = Instant.now().plus(PATIENCE);
    try (Lag lag = new Lag(settings.kafka(), settings.job(), topics)) {
      while (!lag.isNone() && Instant.now().isBefore(patience)) {
        demandRunning(stack, job);
        status.update();
        Thread.sleep(200);
      }
    }
    awaitQuiet(stack, job, watch, status, patience);
    say.accept("stopping with a savepoint: what is open runs to its end");
    stack.flink().stopWithSavepoint(job, true, PATIENCE);
  }

  /** Lets a backlog of rollouts shrink first: the last savepoint must not outlive its timeout. */
  private static void awaitQuiet(
      Stack stack, JobID job, Watch watch, StatusLine status, Instant patience)
      throws InterruptedException {
    long before = -1;
    long now = watch.count(Topics.FORECASTS);
    while (now > before && Instant.now().isBefore(patience)) {
      before = now;
      Instant next = Instant.now().plus(QUIET);
      while (Instant.now().isBefore(next)) {
        demandRunning(stack, job);
        status.update();
        Thread.sleep(200);
      }
      now = watch.count(Topics.FORECASTS);
    }
  }

  private static void demandRunning(Stack stack, JobID job) {
    if (stack.flink().status(job).isGloballyTerminalState()) {
      throw new IllegalStateException(
          "the job ended: " + stack.flink().failure(job).orElse("without a failure"));
    }
  }

  private Double secondsUntil(Instant then) {
    return then == null ? null : Duration.between(startedAt, then).toMillis() / 1000.0;
  }
}
