package etesian.ops.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import etesian.ingest.kafka.Topics;
import etesian.pipeline.settings.KafkaSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** When a reader has the leads of each forecast, from now on. */
final class IssueArrivals implements AutoCloseable {
  private record Lead(Instant issueTime, int lead) {}

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Thread thread;
  private final Map<Lead, Long> nanos = new ConcurrentHashMap<>();

  /**
   * @param committed whether it waits for the end of transactions
   */
  IssueArrivals(KafkaSettings kafka, boolean committed) {
    Properties properties = kafka.client();
    properties.put("isolation.level", committed ? "read_committed" : "read_uncommitted");
    properties.put("enable.auto.commit", "false");
    consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partition = List.of(new TopicPartition(Topics.FORECASTS, 0));
    consumer.assign(partition);
    consumer.seekToEnd(partition);
    consumer.position(partition.get(0)); // now, not at the first poll
    thread = new Thread(this::poll, "etesian-bench-arrivals");
    thread.setDaemon(true);
    thread.start();
  }

  private void poll() {
    try {
      while (true) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          long now = System.nanoTime();
          Instant issueTime = Instant.parse(header(record, "ce_issuetime"));
          int first = Integer.parseInt(header(record, "ce_firstlead"));
          int last = Integer.parseInt(header(record, "ce_lastlead"));
          for (int lead = first; lead <= last; lead++) {
            nanos.putIfAbsent(new Lead(issueTime, lead), now);
          }
        }
      }
    } catch (WakeupException | InterruptException end) {
      // closed
    } finally {
      consumer.close();
    }
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  /** When a lead was there, of {@link System#nanoTime}; empty while it is not. */
  OptionalLong nanosOf(Instant issueTime, int lead) {
    Long found = nanos.get(new Lead(issueTime, lead));
    return found == null ? OptionalLong.empty() : OptionalLong.of(found);
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
