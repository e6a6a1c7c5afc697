package etesian.ops.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import etesian.ingest.kafka.Topics;
import etesian.pipeline.settings.KafkaSettings;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;

/** When a reader has the leads of each forecast, from now on. */
final class IssueArrivals implements AutoCloseable {
  private record Lead(Instant issueTime, int lead) {}

  private final Map<Lead, Long> nanos = new ConcurrentHashMap<>();
  private final Onlooker onlooker;

  /**
   * @param committed whether it waits for the end of transactions
   */
  IssueArrivals(KafkaSettings kafka, boolean committed) {
    onlooker = new Onlooker(kafka, Topics.FORECASTS, committed, this::note);
  }

  private void note(ConsumerRecords<byte[], byte[]> came) {
    for (ConsumerRecord<byte[], byte[]> record : came) {
      long now = System.nanoTime();
      Instant issueTime = Instant.parse(header(record, "ce_issuetime"));
      int first = Integer.parseInt(header(record, "ce_firstlead"));
      int last = Integer.parseInt(header(record, "ce_lastlead"));
      for (int lead = first; lead <= last; lead++) {
        nanos.putIfAbsent(new Lead(issueTime, lead), now);
      }
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
    onlooker.close();
  }
}
