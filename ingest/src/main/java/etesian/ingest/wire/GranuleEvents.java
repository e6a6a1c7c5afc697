package etesian.ingest.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Granules as CloudEvents: a NetCDF file in a record, identified by the SHA-256 of its bytes. A
 * part of a larger file names that file and its hash; a claim check has no value but says where the
 * content lies, see {@link DataReference}.
 */
public final class GranuleEvents {
  /** {@code ce_type} of a granule. */
  public static final String TYPE = "etesian.granule.v1";

  /** Header of a part: SHA-256 of the file that it was taken from. */
  public static final String SOURCE_SHA256_HEADER = "ce_sourcesha256";

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

  /**
   * A part of a file that is too large for a record, or is to flow time by time.
   *
   * @param key {@code dataset/variables} of the part
   * @param bytes the part, see {@link GranuleNetcdf}
   * @param source the whole file, a URI
   * @param sourceSha256 of the whole file
   * @param validAt of the part's fields
   * @param time when it was sent
   */
  public static ProducerRecord<byte[], byte[]> part(
      String topic,
      String key,
      byte[] bytes,
      String source,
      String sourceSha256,
      Instant validAt,
      Instant time) {
    return EventHeaders.record(
        topic,
        key.getBytes(UTF_8),
        EventHeaders.event(Sha256.hex(bytes), TYPE, source, time)
            .withExtension("sourcesha256", sourceSha256)
            .withExtension("validtime", validAt.toString())
            .withData(EventHeaders.NETCDF, bytes)
            .build());
  }

  /**
   * A claim check: a record without value.
   *
   * @param key {@code dataset/variables}
   * @param content where the job finds the file
   * @param sha256 of the file
   * @param length of the file in bytes
   * @param source where it came from, a URI
   * @param time when it was sent
   */
  public static ProducerRecord<byte[], byte[]> reference(
      String topic,
      String key,
      URI content,
      String sha256,
      long length,
      String source,
      Instant time) {
    return EventHeaders.record(
        topic,
        key.getBytes(UTF_8),
        EventHeaders.event(sha256, TYPE, source, time)
            .withDataContentType(EventHeaders.NETCDF)
            .withExtension("dataref", content)
            .withExtension("datalength", Long.toString(length))
            .build());
  }
}
