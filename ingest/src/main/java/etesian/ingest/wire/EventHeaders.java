package etesian.ingest.wire;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Builds Kafka records that are CloudEvents 1.0 in binary mode: attributes as headers ({@code
 * ce_id}, {@code ce_type}, ...), the data as value. The records carry <em>no timestamp</em>: with
 * the valid time as timestamp, retention would delete forecasts for years long past, and the broker
 * refuses times ahead of now; the topics stamp what they append.
 */
public final class EventHeaders {
  /** Media type of every granule and forecast. */
  public static final String NETCDF = "application/x-netcdf";

  /** Media type of scores, models and champions. */
  public static final String JSON = "application/json";

  private EventHeaders() {}

  /**
   * A record whose value is JSON.
   *
   * @param id the same for the same content of a replay, see {@link #id}
   * @param type for instance {@code etesian.score.v1}
   * @param source who says so, a URI or a path, for instance {@code /etesian/streams/t2m}
   */
  public static ProducerRecord<byte[], byte[]> json(
      String topic, byte[] key, byte[] json, String type, String id, String source, Instant time) {
    return record(topic, key, event(id, type, source, time).withData(JSON, json).build());
  }

  /**
   * The identity of an event: SHA-256 of the parts that make it unique, so that a replay repeats
   * it.
   */
  public static String id(Object... parts) {
    StringBuilder all = new StringBuilder();
    for (Object part : parts) {
      String text = String.valueOf(part);
      all.append(text.length()).append(':').append(text); // unambiguous whatever the parts hold
    }
    return Sha256.hex(all.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  static CloudEventBuilder event(String id, String type, String source, Instant time) {
    return CloudEventBuilder.v1()
        .withId(id)
        .withType(type)
        .withSource(URI.create(source))
        .withTime(time.atOffset(ZoneOffset.UTC));
  }

  static ProducerRecord<byte[], byte[]> record(String topic, byte[] key, CloudEvent event) {
    return KafkaMessageFactory.createWriter(topic, key).writeBinary(event);
  }
}
