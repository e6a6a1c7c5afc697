package etesian.ops.models;

import static java.nio.charset.StandardCharsets.UTF_8;

import etesian.ingest.kafka.Topics;
import etesian.pipeline.settings.KafkaSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * How far a stream has issued forecasts, as the headers of {@code etesian.forecasts} say. The
 * newest records of each partition are looked at first: forecasts are many and large. Issue times
 * come in their order, but revisions of old ones come in between, as many as observations were
 * corrected; so a partition is read further back until it has shown a forecast of the stream that
 * is no revision.
 */
final class IssueTimes {
  private static final int FETCH_BYTES = 8 << 20;
  private static final Duration POLL = Duration.ofMillis(500);

  private final KafkaSettings kafka;
  private final long records;

  /**
   * @param records of each partition that are looked at first
   */
  IssueTimes(KafkaSettings kafka, long records) {
    this.kafka = kafka;
    this.records = records;
  }

  /** The newest issue time of committed forecasts; empty when there are none. */
  Optional<Instant> newest(String stream) {
    Properties properties = kafka.client();
    properties.put("isolation.level", "read_committed");
    properties.put("enable.auto.commit", "false");
    properties.put("allow.auto.create.topics", "false");
    properties.put("fetch.max.bytes", Integer.toString(FETCH_BYTES));
    properties.put("max.partition.fetch.bytes", Integer.toString(FETCH_BYTES));
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(Topics.FORECASTS).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      Map<TopicPartition, Long> first = consumer.beginningOffsets(partitions);
      Map<TopicPartition, Long> until = new HashMap<>(consumer.endOffsets(partitions));
      Instant newest = null;
      for (long back = records; !until.isEmpty(); back *= 4) {
        Map<TopicPartition, Long> from = new HashMap<>();
        for (Map.Entry<TopicPartition, Long> end : until.entrySet()) {
          from.put(end.getKey(), Math.max(first.get(end.getKey()), end.getValue() - back));
        }
        Part part = read(consumer, stream, from, until);
        newest = later(newest, part.newest);
        until.putAll(from);
        until.keySet().removeAll(part.firstIssues);
        until.entrySet().removeIf(end -> end.getValue() <= first.get(end.getKey()));
      }
      return Optional.ofNullable(newest);
    }
  }

  /**
   * What some records of each partition say.
   *
   * @param newest issue time, of revisions too; null for none
   * @param firstIssues partitions with a forecast of the stream that is no revision
   */
  private record Part(Instant newest, Set<TopicPartition> firstIssues) {}

  private static Part read(
      KafkaConsumer<byte[], byte[]> consumer,
      String stream,
      Map<TopicPartition, Long> from,
      Map<TopicPartition, Long> until) {
    consumer.assign(from.keySet());
    from.forEach(consumer::seek);
    Instant newest = null;
    Set<TopicPartition> firstIssues = new HashSet<>();
    while (until.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (stream.equals(header(record, "ce_stream"))) {
          newest = later(newest, Instant.parse(header(record, "ce_issuetime")));
          if ("0".equals(header(record, "ce_revision"))) {
            firstIssues.add(new TopicPartition(record.topic(), record.partition()));
          }
        }
      }
    }
    return new Part(newest, firstIssues);
  }

  private static Instant later(Instant one, Instant other) {
    return one == null || (other != null && other.isAfter(one)) ? other : one;
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), UTF_8);
  }
}
