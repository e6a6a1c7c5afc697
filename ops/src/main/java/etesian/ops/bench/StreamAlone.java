package etesian.ops.bench;

import etesian.ingest.kafka.Publisher;
import etesian.ingest.kafka.Topics;
import etesian.pipeline.model.Forecaster;
import etesian.pipeline.model.Forecasters;
import etesian.pipeline.settings.KafkaSettings;
import etesian.pipeline.settings.StreamSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What a part of the stream does when it has the machine for itself: the limits of the whole. */
final class StreamAlone {
  private StreamAlone() {}

  /** Steps of rollouts a second, and the time of all cores that each takes. */
  record Rate(double stepsPerSecond, double cpuMillisPerStep) {}

  /** Forecasters of all streams, one after the other as on the device thread. */
  static final class Model implements AutoCloseable {
    private final List<Forecaster> forecasters = new ArrayList<>();
    private final List<List<Forecaster.Carry>> batches = new ArrayList<>();

    Model(StreamRig rig, List<StreamSettings> streams, int batch) {
      for (StreamSettings stream : streams) {
        forecasters.add(Forecasters.load(rig.weightsOf(stream), stream));
        StreamGranules granules = new StreamGranules(stream.grid());
        List<float[]> frames = new ArrayList<>();
        for (int i = 0; i < stream.history(); i++) {
          frames.add(
              granules.nextFields().entrySet().stream()
                  .filter(field -> field.getKey().name().equals(stream.variables().get(0).name()))
                  .findAny()
                  .orElseThrow()
                  .getValue());
        }
        var newestAt = granules.nextAt().minus(StreamGranules.STEP);
        batches.add(Collections.nCopies(batch, new Forecaster.Carry(frames, newestAt)));
      }
    }

    /** Steps of single rollouts, over at least so many seconds. */
    Rate run(double seconds) {
      long start = System.nanoTime();
      long cpu = StreamDevice.cpuNanos();
      long steps = 0;
      double passed;
      do {
        for (int i = 0; i < forecasters.size(); i++) {
          steps += forecasters.get(i).advance(batches.get(i)).size();
        }
        passed = (System.nanoTime() - start) / 1e9;
      } while (passed < seconds);
      return new Rate(steps / passed, (StreamDevice.cpuNanos() - cpu) / 1e6 / steps);
    }

    @Override
    public void close() {
      forecasters.forEach(Forecaster::close);
    }
  }

  /**
   * Records through the broker: sent in one transaction and read, meanwhile, by another consumer
   * who has to wait for its commit.
   *
   * @param sizes of the values
   * @return bytes a second until the last one is read
   */
  static double brokerBytesPerSecond(StreamRig rig, String topic, int[] sizes) {
    rig.createTopic(topic);
    KafkaSettings kafka = rig.kafka();
    Properties producing = Publisher.settings(kafka.client());
    producing.put("transactional.id", topic);
    producing.put("linger.ms", "20");
    Properties consuming = kafka.client();
    consuming.put("isolation.level", "read_committed");
    consuming.put("enable.auto.commit", "false");
    consuming.put("max.partition.fetch.bytes", Integer.toString(Topics.MAX_RECORD_BYTES));
    TopicPartition partition = new TopicPartition(topic, 0);
    byte[] largest = new byte[Arrays.stream(sizes).max().orElseThrow()];
    long bytes = 0;
    try (KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(producing, new ByteArraySerializer(), new ByteArraySerializer());
        KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(
                consuming, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      producer.initTransactions();
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long start = System.nanoTime();
      producer.beginTransaction();
      for (int size : sizes) {
        bytes += size;
        byte[] value = Arrays.copyOf(largest, size);
        // A failed send fails the commit, which reports it.
        Future<RecordMetadata> ignored = producer.send(new ProducerRecord<>(topic, value));
      }
      producer.commitTransaction();
      int read = 0;
      while (read < sizes.length) {
        read += consumer.poll(Duration.ofMillis(100)).count();
      }
      return bytes / ((System.nanoTime() - start) / 1e9);
    }
  }
}
