package etesian.ops.bench;

import etesian.pipeline.settings.KafkaSettings;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A reader of a topic of one partition, from now on, in a thread of its own. */
final class Onlooker implements AutoCloseable {
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Thread thread;

  /**
   * @param committed whether it waits for the end of transactions
   * @param take gets all records at once that came with a poll; none, now and then
   */
  Onlooker(
      KafkaSettings kafka,
      String topic,
      boolean committed,
      Consumer<ConsumerRecords<byte[], byte[]>> take) {
    Properties properties = kafka.client();
    properties.put("isolation.level", committed ? "read_committed" : "read_uncommitted");
    properties.put("enable.auto.commit", "false");
    consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partition = List.of(new TopicPartition(topic, 0));
    consumer.assign(partition);
    consumer.seekToEnd(partition);
    consumer.position(partition.get(0)); // now, not at the first poll
    thread = new Thread(() -> poll(take), "etesian-bench-arrivals");
    thread.setDaemon(true);
    thread.start();
  }

  private void poll(Consumer<ConsumerRecords<byte[], byte[]>> take) {
    try {
      while (true) {
        take.accept(consumer.poll(Duration.ofSeconds(1)));
      }
    } catch (WakeupException | InterruptException end) {
      // closed
    } finally {
      consumer.close();
    }
  }

  @Override
  public void close() {
    consumer.wakeup();
    try {
      thread.join(Duration.ofSeconds(10).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
