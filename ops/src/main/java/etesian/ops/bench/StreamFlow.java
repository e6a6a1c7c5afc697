package etesian.ops.bench;

import etesian.pipeline.settings.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * How records come into a topic, by the broker's own clock: looked at afterwards, so that nobody
 * reads along while time is taken. Records of open transactions count.
 */
final class StreamFlow implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Records of a window, so that there are two moments in it. */
  private static final int LEAST = 16;

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final TopicPartition partition;
  private final long from;

  /** Of a topic of one partition; what lies in it already does not count. */
  StreamFlow(KafkaSettings kafka, String topic) {
    Properties properties = kafka.client();
    properties.put("isolation.level", "read_uncommitted");
    properties.put("enable.auto.commit", "false");
    consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    partition = new TopicPartition(topic, 0);
    consumer.assign(List.of(partition));
    from = end();
  }

  /**
   * Records in a window of time.
   *
   * @param records how many came
   * @param bytes of their values
   * @param seconds between the first, which does not count, and the last
   */
  record Window(int records, long bytes, double seconds) {
    double recordsPerSecond() {
      return records / seconds;
    }

    double megabytesPerSecond() {
      return bytes / 1e6 / seconds;
    }
  }

  private long end() {
    return consumer.endOffsets(List.of(partition)).get(partition);
  }

  /**
   * Waits for the first record, lets the beginning pass, and keeps waiting for as long as the
   * window is to last, or longer, until there is something in it to count.
   *
   * @param alive asked now and then; throws when there is no use in waiting
   * @return how long the window has lasted
   */
  Duration await(Duration beginning, Duration window, Runnable alive) {
    awaitEnd(from + 1, alive);
    StreamRig.sleep(beginning);
    long start = System.nanoTime();
    long before = end();
    StreamRig.sleep(window);
    if (!window.isZero()) {
      awaitEnd(before + LEAST, alive);
    }
    alive.run();
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private void awaitEnd(long least, Runnable alive) {
    long patience = System.nanoTime() + PATIENCE.toNanos();
    long end = end();
    while (end < least) {
      alive.run();
      if (System.nanoTime() > patience) {
        throw new IllegalStateException(
            "%s ends at %d after %d s, %d was expected"
                .formatted(partition.topic(), end, PATIENCE.toSeconds(), least));
      }
      StreamRig.sleep(LOOK);
      end = end();
    }
  }

  /** What came in the window that begins so long after the first record. */
  Window read(Duration beginning, Duration window) {
    List<long[]> records = records();
    long start = records.get(0)[0] + beginning.toMillis();
    long stop = start + window.toMillis();
    long first = -1;
    long last = -1;
    int count = 0;
    long bytes = 0;
    for (long[] record : records) {
      if (record[0] < start || record[0] > stop) {
        continue;
      }
      if (first < 0) {
        first = record[0];
      } else if (record[0] > first) { // those of the first batch came before the window
        count++;
        bytes += record[1];
        last = record[0];
      }
    }
    if (count == 0) {
      throw new IllegalStateException(
          "nothing came into %s between %s and %s after its first record"
              .formatted(partition.topic(), beginning, beginning.plus(window)));
    }
    return new Window(count, bytes, (last - first) / 1e3);
  }

  /** Append time [ms] and size of each. */
  private List<long[]> records() {
    List<long[]> records = new ArrayList<>();
    long end = end();
    consumer.seek(partition, from);
    while (consumer.position(partition) < end) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(LOOK)) {
        records.add(new long[] {record.timestamp(), record.serializedValueSize()});
      }
    }
    return records;
  }

  @Override
  public void close() {
    consumer.close();
  }
}
