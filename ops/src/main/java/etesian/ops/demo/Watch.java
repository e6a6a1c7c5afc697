package etesian.ops.demo;

import etesian.ingest.kafka.Topics;
import etesian.pipeline.settings.KafkaSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A consumer of the results, as any user would write one: {@code read_committed}, from the start.
 */
final class Watch implements AutoCloseable {
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Thread thread;
  private final Map<String, AtomicLong> counts = new TreeMap<>();
  private volatile Instant firstForecastAt;

  Watch(KafkaSettings kafka) {
    Properties properties = kafka.client();
    properties.put("isolation.level", "read_committed");
    properties.put("auto.offset.reset", "earliest");
    properties.put("enable.auto.commit", "false");
    properties.put("group.id", "etesian-demo-watch");
    consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<String> topics = List.of(Topics.FORECASTS, Topics.SCORES, Topics.DEAD_LETTERS);
    topics.forEach(topic -> counts.put(topic, new AtomicLong()));
    consumer.subscribe(topics);
    thread = new Thread(this::poll, "etesian-demo-watch");
    thread.setDaemon(true);
    thread.start();
  }

  private void poll() {
    try {
      while (true) {
        consumer
            .poll(Duration.ofSeconds(1))
            .forEach(
                record -> {
                  if (firstForecastAt == null && record.topic().equals(Topics.FORECASTS)) {
                    firstForecastAt = Instant.now();
                  }
                  counts.get(record.topic()).incrementAndGet();
                });
      }
    } catch (WakeupException | InterruptException end) {
      // closed
    } finally {
      consumer.close();
    }
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
    consumer.wakeup();
    try {
      thread.join(Duration.ofSeconds(10).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
