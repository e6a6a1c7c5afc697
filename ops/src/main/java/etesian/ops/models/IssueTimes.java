package etesian.ops.models;

import static java.nio.charset.StandardCharsets.UTF_8;

import etesian.ingest.kafka.Topics;
import etesian.pipeline.settings.KafkaSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * How far a stream has issued forecasts, as the headers of {@code etesian.forecasts} say. The
 * newest records of each partition are looked at, and further back as long as none is of the
 * stream: forecasts are many and large, and the newest issue times are at the end.
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
      for (long back = records; ; back *= 4) {
        Map<TopicPartition, Long> from = new HashMap<>();
        for (TopicPartition partition : partitions) {
          from.put(partition, Math.max(first.get(partition), until.get(partition) - back));
        }
        Optional<Instant> found = newest(consumer, stream, from, until);
        if (found.isPresent() || from.equals(first)) {
          return found;
        }
        until.putAll(from);
      }
    }
  }

  private static Optional<Instant> newest(
      KafkaConsumer<byte[], byte[]> consumer,
      String stream,
      Map<TopicPartition, Long> from,
      Map<TopicPartition, Long> until) {
    consumer.assign(from.keySet());
    from.forEach(consumer::seek);
    Instant newest = null;
    while (until.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (stream.equals(header(record, "ce_stream"))) {
          Instant issueTime = Instant.parse(header(record, "ce_issuetime"));
          newest = newest == null || issueTime.isAfter(newest) ? issueTime : newest;
        }
      }
    }
    return Optional.ofNullable(newest);
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), UTF_8);
  }
}
