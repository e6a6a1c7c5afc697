package etesian.ops.demo;

import etesian.ingest.kafka.Topics;
import etesian.ops.run.Follower;
import etesian.pipeline.settings.KafkaSettings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A consumer of the results, as any user would write one: {@code read_committed}, from the start.
 */
final class Watch implements AutoCloseable {
  private final Follower follower;
  private final Map<String, AtomicLong> counts = new TreeMap<>();
  private volatile Instant firstForecastAt;

  Watch(KafkaSettings kafka) {
    Properties properties = kafka.client();
    properties.put("isolation.level", "read_committed");
    properties.put("auto.offset.reset", "earliest");
    properties.put("enable.auto.commit", "false");
    properties.put("group.id", "etesian-demo-watch");
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<String> topics = List.of(Topics.FORECASTS, Topics.SCORES, Topics.DEAD_LETTERS);
    topics.forEach(topic -> counts.put(topic, new AtomicLong()));
    consumer.subscribe(topics);
    follower =
        new Follower("etesian-demo-watch", consumer, records -> records.forEach(this::count));
  }

  private void count(ConsumerRecord<byte[], byte[]> record) {
    if (firstForecastAt == null && record.topic().equals(Topics.FORECASTS)) {
      firstForecastAt = Instant.now();
    }
    counts.get(record.topic()).incrementAndGet();
  }

  /** When the first forecast could be read; null while there is none. */
  Instant firstForecastAt() {
    return firstForecastAt;
  }

  /** Records of a topic seen so far. */
  long count(String topic) {
    return counts.get(topic).get();
  }

  @Override
  public void close() {
    follower.close();
  }
}
