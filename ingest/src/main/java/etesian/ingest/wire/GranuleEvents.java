package etesian.ingest.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Granules as CloudEvents: a NetCDF file in a record, identified by the SHA-256 of its bytes. */
public final class GranuleEvents {
  /** {@code ce_type} of a granule. */
  public static final String TYPE = "etesian.granule.v1";

  private GranuleEvents() {}

  /**
   * @param key {@code dataset/variables}
   * @param bytes the file as it is
   * @param source where it came from, a URI
   * @param time when it was sent
   */
  public static ProducerRecord<byte[], byte[]> record(
      String topic, String key, byte[] bytes, String source, Instant time) {
    return EventHeaders.record(
        topic,
        key.getBytes(UTF_8),
        EventHeaders.event(Sha256.hex(bytes), TYPE, source, time)
            .withData(EventHeaders.NETCDF, bytes)
            .build());
  }
}
