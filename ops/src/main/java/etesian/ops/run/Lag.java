package etesian.ops.run;

import etesian.pipeline.settings.KafkaSettings;
import etesian.pipeline.sink.KafkaEnds;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Whether the job has taken every committed granule into a checkpoint.
 *
 * <p>The difference of the offsets does not tell: the job commits the offset after the last granule
 * that it saw, and behind it may lie transaction markers and granules of aborted transactions,
 * which have offsets too and are never handed to anybody. So this looks, as a {@code
 * read_committed} consumer, whether a granule lies between the job's offset and the end. Granules
 * of a transaction that is still open do not count.
 */
public final class Lag implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(500);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;

  /** Offset of a granule known to be there, so that it is not fetched again on each question. */
  private final Map<TopicPartition, Long> ahead = new HashMap<>();

  /**
   * @param job whose consumer group commits with each checkpoint
   * @param topics that it reads
   */
  public Lag(KafkaSettings kafka, String job, Collection<String> topics) {
    Properties properties = kafka.client();
    properties.put("group.id", KafkaEnds.group(job)); // to read its offsets; it is not joined
    properties.put("enable.auto.commit", "false");
    properties.put("auto.offset.reset", "earliest");
    properties.put("isolation.level", "read_committed");
    properties.put("max.partition.fetch.bytes", "65536"); // many markers, or one granule
    properties.put("max.poll.records", "1");
    consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    partitions =
        topics.stream()
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
  }

  /** Whether no granule is left; not to be asked from two threads at a time. */
  public boolean isNone() {
    Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(partitions));
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    return partitions.stream()
        .noneMatch(
            partition -> {
              OffsetAndMetadata done = committed.get(partition);
              return isBehind(partition, done == null ? 0 : done.offset(), ends.get(partition));
            });
  }

  private boolean isBehind(TopicPartition partition, long done, long end) {
    if (done >= end) {
      return false;
    }
    if (ahead.getOrDefault(partition, -1L) >= done) {
      return true;
    }
    consumer.assign(List.of(partition));
    consumer.seek(partition, done);
    long at = done;
    long before;
    do {
      before = at;
      for (ConsumerRecord<byte[], byte[]> granule : consumer.poll(LOOK)) {
        ahead.put(partition, granule.offset());
        return true;
      }
      at = consumer.position(partition); // over markers and aborted granules
    } while (before < at && at < end);
    return at < end; // no way on: the brokers are slow, the next question will tell
  }

  @Override
  public void close() {
    consumer.close();
  }
}
