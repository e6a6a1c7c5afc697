package etesian.ops.bench;

import etesian.ingest.kafka.Publisher;
import etesian.ingest.kafka.Topics;
import etesian.ingest.wire.GranuleEvents;
import etesian.operators.Devices;
import etesian.operators.Weights;
import etesian.ops.embedded.TemporaryFolder;
import etesian.ops.run.JobRunner;
import etesian.ops.run.Stack;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.model.StreamCard;
import etesian.pipeline.settings.DeviceSettings;
import etesian.pipeline.settings.KafkaSettings;
import etesian.pipeline.settings.PipelineSettings;
import etesian.pipeline.settings.StreamSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.JobID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The job as it is, on an embedded broker and an embedded Flink, with streams and weights of {@link
 * StreamModels}. Several jobs may run on it, one after the other: each reads the granules from the
 * beginning.
 */
final class StreamRig implements AutoCloseable {
  /** Rollouts in a step, and no more that have begun. */
  static final int BATCH = 4;

  /** Few wait, so that decoding keeps pace with the forecasts instead of running ahead. */
  private static final long WAITING_BYTES = 2 << 20;

  private static final int STATE_MEBIBYTES = 512;

  private final TemporaryFolder folder = TemporaryFolder.create("etesian-bench-", 256);
  private final Stack stack;
  private final List<StreamSettings> streams;
  private final int batch;
  private final KafkaProducer<byte[], byte[]> producer;
  private int jobs;

  /**
   * @param batch most rollouts in a step
   */
  StreamRig(List<StreamSettings> streams, int batch) {
    this.streams = streams;
    this.batch = batch;
    KafkaSettings embedded =
        new KafkaSettings(KafkaSettings.EMBEDDED, Map.of(), Duration.ofMinutes(14));
    stack = Stack.start(embedded, new Stack.ListenOn(0, 0, 0), 1);
    producer =
        new KafkaProducer<>(
            Publisher.settings(kafka().client()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    WeightsStore store = new WeightsStore(weights());
    for (StreamSettings stream : streams) {
      store.put(StreamModels.weights(stream));
    }
    try (Admin admin = Admin.create(kafka().client())) {
      Topics.create(admin, streams.stream().map(StreamSettings::dataset).distinct().toList());
    } catch (ExecutionException e) {
      throw new IllegalStateException("the embedded broker made no topics", e.getCause());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  KafkaSettings kafka() {
    return stack.kafka();
  }

  Stack stack() {
    return stack;
  }

  /** Folder of the weights files. */
  Path weights() {
    return folder.folder("weights");
  }

  /** The weights of a stream. */
  Weights weightsOf(StreamSettings stream) {
    WeightsStore store = new WeightsStore(weights());
    return store.newestFirst().stream()
        .map(store::get)
        .filter(weights -> StreamCard.fits(weights, stream))
        .findFirst()
        .orElseThrow();
  }

  /** A topic that the job does not know. */
  void createTopic(String name) {
    try (Admin admin = Admin.create(kafka().client())) {
      NewTopic topic =
          new NewTopic(name, 1, (short) 1)
              .configs(Map.of("max.message.bytes", Integer.toString(Topics.MAX_RECORD_BYTES)));
      admin.createTopics(List.of(topic)).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the embedded broker made no topic " + name, e.getCause());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Appends the files of so many hours and waits until the broker has them. */
  long publish(String dataset, StreamGranules granules, int hours) {
    long bytes = 0;
    try {
      for (int hour = 0; hour < hours; hour++) {
        byte[] file = granules.next();
        bytes += file.length;
        var acknowledged =
            producer.send(
                GranuleEvents.record(
                    Topics.granules(dataset), dataset, file, "/etesian/bench", Instant.now()));
        if (hour == hours - 1) {
          acknowledged.get(); // one partition: the last one says that all are there
        }
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("the embedded broker took no granule", e.getCause());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    return bytes;
  }

  /** Starts the job anew, from the first granule, and waits until its tasks run. */
  JobID start(Duration checkpointInterval) {
    PipelineSettings settings =
        new PipelineSettings(
            "bench-" + ++jobs,
            kafka(),
            weights(),
            folder.folder("state"),
            checkpointInterval,
            Duration.ofMinutes(2),
            STATE_MEBIBYTES,
            new DeviceSettings(batch, batch, WAITING_BYTES, Devices.threads()),
            streams);
    JobID job = JobRunner.submit(settings, stack, 0, Optional.empty());
    stack.flink().awaitRunning(job, Duration.ofMinutes(1));
    return job;
  }

  /** Ends a job; what it has not committed is aborted. */
  void cancel(JobID job) {
    stack.flink().cancel(job);
    while (!stack.flink().status(job).isGloballyTerminalState()) {
      sleep(Duration.ofMillis(50));
    }
  }

  /**
   * @throws IllegalStateException it has ended
   */
  void demandRunning(JobID job) {
    if (stack.flink().status(job).isGloballyTerminalState()) {
      throw new IllegalStateException(
          "the job ended: " + stack.flink().failure(job).orElse("without a failure"));
    }
  }

  static void sleep(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted", e);
  }

  @Override
  public void close() {
    try {
      producer.close();
      stack.close();
    } finally {
      folder.close();
    }
  }
}
