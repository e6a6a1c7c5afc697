package etesian.ops.bench;

import etesian.pipeline.settings.KafkaSettings;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecords;

/** A consumer of a topic of one partition that notes when what follows comes to it. */
final class StreamArrivals implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration LOOK = Duration.ofMillis(20);

  private final String topic;
  private final AtomicInteger count = new AtomicInteger();
  private final Onlooker onlooker;
  private volatile long firstNanos;
  private volatile long lastNanos;

  /**
   * @param committed whether it waits for the end of transactions
   */
  StreamArrivals(KafkaSettings kafka, String topic, boolean committed) {
    this.topic = topic;
    onlooker = new Onlooker(kafka, topic, committed, this::note);
  }

  private void note(ConsumerRecords<byte[], byte[]> came) {
    if (!came.isEmpty()) {
      lastNanos = System.nanoTime();
      firstNanos = count.get() == 0 ? lastNanos : firstNanos;
      count.addAndGet(came.count());
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
    onlooker.close();
  }
}
