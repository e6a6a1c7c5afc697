package etesian.ops.bench;

import etesian.ingest.kafka.Topics;
import etesian.ops.demo.Findings;
import etesian.ops.demo.Report;
import etesian.ops.run.Lag;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Whether kills, and more input than it can take, change results. The streams of the demo run twice
 * on a cluster of separate processes, each time on new brokers: undisturbed and as fast as they go,
 * then on the same granules at another pace, by default at half of that, while {@code kill -9} hits
 * brokers, JobManager and TaskManagers. In the middle of the second run the job is cancelled and
 * submitted again with another parallelism. At the end every committed record is compared.
 */
public final class Chaos {
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Duration RECOVERY = Duration.ofMinutes(4);

  /** Several checkpoints. */
  private static final Duration QUIET = Duration.ofSeconds(8);

  /** More than the job takes in a few seconds, so that rollouts are under way. */
  private static final int BURST = 80;

  /** So long a checkpoint is waited for that has a rollout in its middle. */
  private static final Duration MIDDLE = Duration.ofSeconds(20);

  private final int kills;
  private final long seed;
  private final Duration time;
  private final double load;
  private final Path folder;
  private final Consumer<String> say;

  /**
   * @param kills how many
   * @param seed of who is killed when
   * @param time over which granules come in the disturbed run, roughly
   * @param load their pace there: 1 is the capacity, what the undisturbed run took
   * @param folder of data and logs of all processes, kept afterwards
   * @param say prints a line
   */
  public Chaos(
      int kills, long seed, Duration time, double load, Path folder, Consumer<String> say) {
    this.kills = kills;
    this.seed = seed;
    this.time = time;
    this.load = load;
    this.folder = folder;
    this.say = say;
  }

  /** Runs both and compares. */
  public ChaosReport run() throws InterruptedException {
    ChaosFeed feed = new ChaosFeed();
    Duration full = Duration.ofMillis(Math.round(time.toMillis() * load));
    say.accept("undisturbed, %d s at full speed".formatted(full.toSeconds()));
    try (ChaosRun quiet = ChaosRun.start(folder.resolve("undisturbed"), say);
        ChaosRecords right = new ChaosRecords(quiet.kafka().client())) {
      Instant begin = Instant.now();
      feed.sendAtFullSpeed(quiet.settings(), full);
      Instant last = awaitQuiet(quiet, right);
      Duration needed = Duration.between(begin, last);
      double capacity = feed.paced() / (needed.toMillis() / 1000.0);
      demandComplete(quiet);
      say.accept(
          "%d forecasts and %d scores; %.1f granules a second"
              .formatted(right.count(Topics.FORECASTS), right.count(Topics.SCORES), capacity));
      quiet.close(); // its records are in memory; the processors are needed
      Duration paced = Duration.ofMillis(Math.round(needed.toMillis() / load));
      return disturbed(feed, right, capacity, paced, quiet.peakMebibytes());
    }
  }

  /** Waits until everything is out, and returns when the last record came. */
  private static Instant awaitQuiet(ChaosRun run, ChaosRecords records)
      throws InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    try (Lag lag = new Lag(run.kafka(), run.settings().job(), run.granuleTopics())) {
      while (!lag.isNone()) {
        demandBefore(end, "the job to take every granule");
        run.demandRunning();
        Thread.sleep(200);
      }
    }
    Instant last = Instant.now();
    long before = -1;
    while (Instant.now().isBefore(last.plus(QUIET))) {
      demandBefore(end, "the last forecast");
      records.poll();
      long now = records.count(Topics.FORECASTS) + records.count(Topics.SCORES);
      if (now > before) {
        before = now;
        last = Instant.now();
      }
      Thread.sleep(200);
    }
    return last;
  }

  private static void demandBefore(Instant end, String what) {
    if (Instant.now().isAfter(end)) {
      throw new IllegalStateException("waited %d s for %s".formatted(PATIENCE.toSeconds(), what));
    }
  }

  /** What is due is worked out from the granules alone: the measure must be right itself. */
  private static void demandComplete(ChaosRun run) {
    Report report = Findings.read(run.kafka(), run.settings().streams()).report(0, null);
    if (!report.good()) {
      throw new IllegalStateException(
          "the undisturbed run itself lost %d and doubled %d of its forecasts"
              .formatted(report.lost(), report.duplicates()));
    }
  }

  private ChaosReport disturbed(
      ChaosFeed feed, ChaosRecords right, double capacity, Duration paced, double quietMebibytes)
      throws InterruptedException {
    say.accept(
        "disturbed, %.1f times the capacity for %d s, %d kills"
            .formatted(load, paced.toSeconds(), kills));
    try (ChaosRun run = ChaosRun.start(folder.resolve("disturbed"), say);
        ChaosRecords found = new ChaosRecords(run.kafka().client())) {
      Instant begin = Instant.now();
      CompletableFuture<Void> fed = feed.sendOver(run.settings(), paced);
      List<Seen> seen = new ArrayList<>();
      long inTheirMiddle = 0;
      Duration held = Duration.ZERO; // what resubmission took is added to the moments after it
      for (ChaosPlan.Kill kill : ChaosPlan.of(kills, seed, paced)) {
        if (seen.size() == kills / 2) {
          Instant stop = Instant.now();
          inTheirMiddle = resubmit(run, feed, found);
          held = Duration.between(stop, Instant.now());
        }
        sleepUntil(begin.plus(held).plus(kill.at()));
        Instant at = Instant.now();
        seen.add(new Seen(run.kill(kill), at));
        say.accept("  %4d s: killed %s".formatted(secondsSince(begin), seen.get(seen.size() - 1)));
      }
      fed.join();
      awaitAll(run, right, found);
      Instant end = Instant.now();
      run.awaitRecovery(end, RECOVERY);
      Thread.sleep(QUIET.toMillis());
      found.poll(); // whatever comes late and twice
      List<ChaosReport.Kill> each = seen.stream().map(kill -> kill.report(run, begin)).toList();
      ChaosRecords.Comparison comparison = found.against(right);
      return new ChaosReport(
          kills,
          comparison.lost(),
          comparison.duplicates(),
          comparison.different(),
          ChaosReport.Recovery.of(each),
          run.deletedOffsets(),
          right.count(Topics.FORECASTS),
          right.count(Topics.SCORES),
          capacity,
          load,
          run.checkpointsBetween(begin, end),
          new ChaosReport.Memory(quietMebibytes, run.peakMebibytes()),
          inTheirMiddle,
          seed,
          each);
    }
  }

  private record Seen(String process, Instant at) {
    ChaosReport.Kill report(ChaosRun run, Instant begin) {
      return new ChaosReport.Kill(
          process,
          Duration.between(begin, at).toMillis() / 1000.0,
          run.recovery(at).orElseThrow().toMillis() / 1000.0);
    }

    @Override
    public String toString() {
      return process;
    }
  }

  private long resubmit(ChaosRun run, ChaosFeed feed, ChaosRecords found)
      throws InterruptedException {
    run.awaitRecovery(Instant.now(), RECOVERY); // the last kill is over
    feed.hurry(BURST);
    Instant end = Instant.now().plus(MIDDLE);
    do {
      Thread.sleep(50);
      found.poll();
    } while (run.inTheirMiddle(found) == 0 && Instant.now().isBefore(end));
    long inTheirMiddle = run.cancelAndResubmit(2, found, say);
    say.accept(
        "  cancelled and resubmitted with %d forecasts in their middle".formatted(inTheirMiddle));
    run.awaitRecovery(Instant.now(), RECOVERY);
    return inTheirMiddle;
  }

  private void awaitAll(ChaosRun run, ChaosRecords right, ChaosRecords found)
      throws InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    found.poll();
    while (!found.hasAll(right) && Instant.now().isBefore(end)) {
      run.demandRunning();
      Thread.sleep(500);
      found.poll();
    }
  }

  private static void sleepUntil(Instant moment) throws InterruptedException {
    Duration left = Duration.between(Instant.now(), moment);
    if (!left.isNegative()) {
      Thread.sleep(left.toMillis());
    }
  }

  private static long secondsSince(Instant begin) {
    return Duration.between(begin, Instant.now()).toSeconds();
  }
}
