package etesian.ops.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import etesian.ingest.field.Forecast;
import etesian.ingest.kafka.Topics;
import etesian.ingest.netcdf.Refusal;
import etesian.ingest.wire.ForecastCodec;
import etesian.ingest.wire.ForecastNetcdf;
import etesian.ingest.wire.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Every committed forecast and score by its {@code ce_id}, with a digest of what it says: all of a
 * forecast, values and provenance, and the whole of a score. When a record was made is no part of
 * it.
 */
final class ChaosRecords implements AutoCloseable {
  private static final List<String> TOPICS = List.of(Topics.FORECASTS, Topics.SCORES);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;
  private final Map<String, List<String>> digests = new HashMap<>();
  private final Map<String, Long> counts = new HashMap<>();

  /** Leads that are out, of each stream and issue time. */
  private final Map<Rollout, Integer> leads = new HashMap<>();

  private record Rollout(String stream, Instant issueTime) {}

  ChaosRecords(Properties client) {
    Properties properties = new Properties();
    properties.putAll(client);
    properties.put("isolation.level", "read_committed");
    properties.put("enable.auto.commit", "false");
    properties.put("auto.offset.reset", "none"); // a record that was deleted is an error
    consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    partitions =
        TOPICS.stream()
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    partitions.forEach(partition -> consumer.seek(partition, 0));
  }

  /** Takes what was committed since the last call. */
  void poll() {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
      consumer.poll(Duration.ofMillis(500)).forEach(this::take);
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    counts.merge(record.topic(), 1L, Long::sum);
    String id = new String(record.headers().lastHeader("ce_id").value(), UTF_8);
    String digest =
        record.topic().equals(Topics.FORECASTS)
            ? forecast(record.value())
            : Sha256.hex(record.value());
    digests
        .computeIfAbsent(record.topic() + " " + id, i -> new ArrayList<>())
        .add(digest + new String(record.key(), UTF_8));
  }

  private String forecast(byte[] value) {
    try {
      Forecast forecast = ForecastNetcdf.read(value);
      leads.merge(
          new Rollout(forecast.stream(), forecast.issueTime()),
          forecast.steps().size(),
          Integer::sum);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ForecastCodec.INSTANCE.write(forecast, new DataOutputStream(bytes));
      return Sha256.hex(bytes.toByteArray());
    } catch (Refusal unreadable) {
      throw new IllegalStateException("a forecast that cannot be read back", unreadable);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long count(String topic) {
    return counts.getOrDefault(topic, 0L);
  }

  /** Forecasts of which some leads are out and others not. */
  long inTheirMiddle(Map<String, Integer> horizons) {
    Predicate<Map.Entry<Rollout, Integer>> begun =
        entry -> entry.getValue() < horizons.get(entry.getKey().stream());
    return leads.entrySet().stream().filter(begun).count();
  }

  /** Whether each of the others is here. */
  boolean hasAll(ChaosRecords others) {
    return digests.keySet().containsAll(others.digests.keySet());
  }

  /** What is wrong with these records, if the others are right. */
  record Comparison(long lost, long duplicates, long different) {}

  Comparison against(ChaosRecords right) {
    return compare(right.digests, digests);
  }

  static Comparison compare(Map<String, List<String>> right, Map<String, List<String>> found) {
    long lost = right.keySet().stream().filter(id -> !found.containsKey(id)).count();
    long duplicates = found.values().stream().mapToLong(all -> all.size() - 1).sum();
    long different =
        found.entrySet().stream()
            .filter(
                entry ->
                    !right.containsKey(entry.getKey())
                        || !right.get(entry.getKey()).containsAll(entry.getValue()))
            .count();
    return new Comparison(lost, duplicates, different);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
