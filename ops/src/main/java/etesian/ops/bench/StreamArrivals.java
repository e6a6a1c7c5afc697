package etesian.ops.bench;

import etesian.pipeline.settings.KafkaSettings;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A consumer of a topic of one partition that notes when what follows comes to it. */
final class StreamArrivals implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration LOOK = Duration.ofMillis(20);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final String topic;
  private final Thread thread;
  private final AtomicInteger count = new AtomicInteger();
  private volatile long firstNanos;
  private volatile long lastNanos;

  /**
   * @param committed whether it waits for the end of transactions
   */
  StreamArrivals(KafkaSettings kafka, String topic, boolean committed) {
    this.topic = topic;
    Properties properties = kafka.client();
    properties.put("isolation.level", committed ? "read_committed" : "read_uncommitted");
    properties.put("enable.auto.commit", "false");
    consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partition = List.of(new TopicPartition(topic, 0));
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
        int came = consumer.poll(Duration.ofSeconds(1)).count();
        if (came > 0) {
          lastNanos = System.nanoTime();
          firstNanos = count.get() == 0 ? lastNanos : firstNanos;
          count.addAndGet(came);
        }
      }
    } catch (WakeupException | InterruptException end) {
      // closed
    } finally {
      consumer.close();
    }
  }

  /**
   * Waits for so many records.
   *
   * @param alive asked now and then; throws when there is no use in waiting
   */
  void await(int records, Runnable alive) {
    long patience = System.nanoTime() + PATIENCE.toNanos();
    while (count.get() < records) {
      if (System.nanoTime() > patience) {
        throw new IllegalStateException(
            "%d of %d records came into %s within %d s"
                .formatted(count.get(), records, topic, PATIENCE.toSeconds()));
      }
      alive.run();
      StreamRig.sleep(LOOK);
    }
  }

  /** When the first one came, of {@link System#nanoTime}. */
  long firstNanos() {
    return firstNanos;
  }

  long lastNanos() {
    return lastNanos;
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
