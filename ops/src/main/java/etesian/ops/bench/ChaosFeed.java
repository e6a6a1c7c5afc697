package etesian.ops.bench;

import etesian.ops.demo.GranuleSender;
import etesian.ops.demo.Scenario.Granule;
import etesian.ops.demo.SimulatedScenario;
import etesian.pipeline.settings.PipelineSettings;
import etesian.pipeline.sink.KafkaEnds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;

/** The granules of the simulated world: first as fast as a job takes them, then the same, paced. */
final class ChaosFeed {
  /** Granules that a job has not taken into a checkpoint yet. */
  private static final long MOST_AHEAD = 64;

  /** At the start, without forecasts: they teach the references. */
  private final int past;

  private final List<Granule> granules = new ArrayList<>();
  private final AtomicInteger hurried = new AtomicInteger(); // that go without a pause

  ChaosFeed() {
    past = new SimulatedScenario().pastGranules();
  }

  /** Granules that forecasts are due for, of those that were sent the first time. */
  int paced() {
    return granules.size() - past;
  }

  /** Makes and sends granules for a time, so many that the job always has something to do. */
  void sendAtFullSpeed(PipelineSettings settings, Duration time) throws InterruptedException {
    Iterator<Granule> world = new SimulatedScenario().granules();
    Instant end = Instant.now().plus(time);
    try (GranuleSender sender = new GranuleSender(settings.kafka());
        Admin admin = Admin.create(settings.kafka().client())) {
      while (granules.size() < past || Instant.now().isBefore(end)) {
        Granule granule = world.next();
        granules.add(granule);
        sender.send(granule);
        while (granules.size() > past && granules.size() - taken(admin, settings) > MOST_AHEAD) {
          Thread.sleep(100);
        }
      }
    }
  }

  private static long taken(Admin admin, PipelineSettings settings) throws InterruptedException {
    String group = KafkaEnds.group(settings.job());
    try {
      return admin
          .listConsumerGroupOffsets(group)
          .partitionsToOffsetAndMetadata(group)
          .get()
          .entrySet()
          .stream()
          .filter(entry -> entry.getKey().topic().startsWith("etesian.granules."))
          .mapToLong(entry -> entry.getValue().offset())
          .sum();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the broker does not tell the job's offsets", e.getCause());
    }
  }

  /** Sends the same granules again, evenly over a time, in a thread of its own. */
  CompletableFuture<Void> sendOver(PipelineSettings settings, Duration time) {
    long pause = time.toMillis() / Math.max(1, paced());
    return CompletableFuture.runAsync(
        () -> {
          try (GranuleSender sender = new GranuleSender(settings.kafka())) {
            for (int i = 0; i < granules.size(); i++) {
              sender.send(granules.get(i));
              boolean hurries = hurried.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
              if (i >= past && !hurries) {
                Thread.sleep(pause);
              }
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        },
        work -> new Thread(work, "etesian-chaos-feed").start());
  }

  /** Sends the next ones without a pause. */
  void hurry(int count) {
    hurried.set(count);
  }
}
