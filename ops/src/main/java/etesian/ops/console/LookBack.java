package etesian.ops.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * Finds the forecasts of quiet streams. A stream that issues each month lies far behind thousands
 * of records of one that issues each hour, before the place from which the {@link Feed} reads: here
 * the topic is read from there backwards, a chunk at a time, for the streams that had nothing
 * since.
 */
final class LookBack {
  private static final long CHUNK = 2000;
  private static final Duration POLL = Duration.ofMillis(250);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Consumer<byte[], byte[]> consumer;
  private final Intake intake;
  private final Map<String, Set<String>> found = new HashMap<>(); // issue times, by stream
  private final int issues;
  private final long endNanos;
  private final BooleanSupplier closed;

  /**
   * @param issues times wanted of a stream
   * @param atMost how long to look
   * @param closed whether nobody waits for it any more
   */
  LookBack(
      Consumer<byte[], byte[]> consumer,
      Intake intake,
      int issues,
      Duration atMost,
      BooleanSupplier closed) {
    this.consumer = consumer;
    this.intake = intake;
    this.issues = issues;
    this.endNanos = System.nanoTime() + atMost.toNanos();
    this.closed = closed;
  }

  /**
   * Reads until each stream has enough, the topic begins, or time is over.
   *
   * @param streams that nothing is known of
   * @param from by partition of the forecasts, the offset before which nobody has looked
   */
  void run(Set<String> streams, Map<TopicPartition, Long> from) throws InterruptedException {
    Map<TopicPartition, Long> firsts = consumer.beginningOffsets(from.keySet(), PATIENCE);
    Map<TopicPartition, Long> ends = new HashMap<>(from);
    Set<String> missing = new HashSet<>(streams);
    while (!missing.isEmpty() && !isOver()) {
      ends.entrySet().removeIf(end -> end.getValue() <= firsts.get(end.getKey()));
      if (ends.isEmpty()) {
        return;
      }
      for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
        long begin = Math.max(firsts.get(end.getKey()), end.getValue() - CHUNK);
        chunk(end.getKey(), begin, end.getValue(), missing);
        end.setValue(begin);
      }
      missing.removeIf(stream -> found.getOrDefault(stream, Set.of()).size() >= issues);
    }
  }

  private void chunk(TopicPartition partition, long begin, long end, Set<String> missing)
      throws InterruptedException {
    consumer.assign(List.of(partition));
    consumer.seek(partition, begin);
    while (consumer.position(partition, PATIENCE) < end && !isOver()) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        String stream = header(record, "ce_stream");
        if (record.offset() < end && missing.contains(stream)) {
          found.computeIfAbsent(stream, s -> new HashSet<>()).add(header(record, "ce_issuetime"));
          intake.takeOlder(record);
        }
      }
    }
  }

  private boolean isOver() {
    return closed.getAsBoolean() || System.nanoTime() > endNanos;
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null || header.value() == null ? "" : new String(header.value(), UTF_8);
  }
}
