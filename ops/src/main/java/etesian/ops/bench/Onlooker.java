package etesian.ops.bench;

import etesian.ops.run.Follower;
import etesian.pipeline.settings.KafkaSettings;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A reader of a topic of one partition, from now on, in a thread of its own. */
final class Onlooker implements AutoCloseable {
  private final Follower follower;

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
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partition = List.of(new TopicPartition(topic, 0));
    consumer.assign(partition);
    consumer.seekToEnd(partition);
    consumer.position(partition.get(0)); // now, not at the first poll
    follower = new Follower("etesian-bench-arrivals", consumer, take);
  }

  @Override
  public void close() {
    follower.close();
  }
}
