package etesian.ops.run;

import java.time.Duration;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;

/** Polls a consumer in a thread of its own until it is closed. */
public final class Follower implements AutoCloseable {
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Thread thread;

  /**
   * Begins.
   *
   * @param name of the thread
   * @param consumer subscribed or assigned; belongs to the follower from now on
   * @param take gets all records at once that came with a poll; none, now and then
   */
  public Follower(
      String name,
      KafkaConsumer<byte[], byte[]> consumer,
      Consumer<ConsumerRecords<byte[], byte[]>> take) {
    this.consumer = consumer;
    thread = new Thread(() -> poll(take), name);
    thread.setDaemon(true);
    thread.start();
  }

  private void poll(Consumer<ConsumerRecords<byte[], byte[]>> take) {
    try {
      while (true) {
        take.accept(consumer.poll(POLL));
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
      thread.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
