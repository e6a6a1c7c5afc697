package etesian.pipeline.decode;

import etesian.ingest.wire.Binary;
import etesian.ingest.wire.Codec;
import etesian.ingest.wire.DataReference;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Optional;

/**
 * A record of a granule topic as it came.
 *
 * @param key as sent; empty when there was none
 * @param value the bytes of a NetCDF file, we hope; empty when there was none
 * @param reference where the file lies, for a record without value
 * @param source the file that it was, as who sent it names it; empty when nobody said
 */
public record GranuleRecord(
    String topic,
    int partition,
    long offset,
    byte[] key,
    byte[] value,
    Optional<DataReference> reference,
    String source) {

  /** One of unknown source. */
  public GranuleRecord(
      String topic,
      int partition,
      long offset,
      byte[] key,
      byte[] value,
      Optional<DataReference> reference) {
    this(topic, partition, offset, key, value, reference, "");
  }

  /** One that brings its file along. */
  public GranuleRecord(String topic, int partition, long offset, byte[] key, byte[] value) {
    this(topic, partition, offset, key, value, Optional.empty());
  }

  /** {@code topic/partition@offset}, as provenance names it. */
  String location() {
    return topic + "/" + partition + "@" + offset;
  }

  /**
   * Version 1: topic, partition, offset, key, value; version 2: and the reference; version 3: and
   * the source.
   */
  public static final class RecordCodec implements Codec<GranuleRecord> {
    private static final long serialVersionUID = 1L;

    @Override
    public void write(GranuleRecord record, DataOutput out) throws IOException {
      out.writeByte(3);
      Binary.text(record.topic, out);
      out.writeInt(record.partition);
      out.writeLong(record.offset);
      Binary.bytes(record.key, out);
      Binary.bytes(record.value, out);
      out.writeBoolean(record.reference.isPresent());
      if (record.reference.isPresent()) {
        DataReference reference = record.reference.get();
        Binary.text(reference.uri(), out);
        Binary.text(reference.sha256(), out);
        Binary.text(reference.length(), out);
      }
      Binary.text(record.source, out);
    }

    @Override
    public GranuleRecord read(DataInput in) throws IOException {
      int version = Binary.version(in, 3, "a granule record");
      String topic = Binary.text(in);
      int partition = in.readInt();
      long offset = in.readLong();
      byte[] key = Binary.bytes(in);
      byte[] value = Binary.bytes(in);
      Optional<DataReference> reference =
          version >= 2 && in.readBoolean()
              ? Optional.of(new DataReference(Binary.text(in), Binary.text(in), Binary.text(in)))
              : Optional.empty();
      String source = version >= 3 ? Binary.text(in) : "";
      return new GranuleRecord(topic, partition, offset, key, value, reference, source);
    }
  }
}
