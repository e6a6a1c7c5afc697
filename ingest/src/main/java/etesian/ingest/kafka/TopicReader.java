package etesian.ingest.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A topic, read once from its beginning to its present end; committed records only. */
public final class TopicReader {
  private TopicReader() {}

  /**
   * @param client properties of any client: where the brokers are and how to get in
   * @param topic to read; one that does not exist has no records
   * @param taker gets each record, in order within a partition
   * @return the offsets it has read up to
   */
  public static Map<TopicPartition, Long> each(
      Properties client, String topic, Consumer<ConsumerRecord<byte[], byte[]>> taker) {
    Properties properties = new Properties();
    properties.putAll(client);
    properties.put("isolation.level", "read_committed");
    properties.put("enable.auto.commit", "false");
    properties.put("allow.auto.create.topics", "false");
    // How much comes at once; a larger record comes alone.
    properties.put("fetch.max.bytes", Integer.toString(Topics.MAX_RECORD_BYTES));
    properties.put("max.partition.fetch.bytes", Integer.toString(Topics.MAX_RECORD_BYTES));
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(Duration.ofMillis(500)).forEach(taker);
      }
      return ends;
    }
  }
}
