package etesian.pipeline.decode;

import etesian.ingest.wire.Binary;
import etesian.ingest.wire.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * A record of a granule topic as it came.
 *
 * @param key as sent; empty when there was none
 * @param value the bytes of a NetCDF file, we hope; empty when there was none
 */
public record GranuleRecord(String topic, int partition, long offset, byte[] key, byte[] value) {

  /** {@code topic/partition@offset}, as provenance names it. */
  String location() {
    return topic + "/" + partition + "@" + offset;
  }

  /** Version 1: topic, partition, offset, key, value. */
  public static final class RecordCodec implements Codec<GranuleRecord> {
    private static final long serialVersionUID = 1L;

    @Override
    public void write(GranuleRecord record, DataOutput out) throws IOException {
      out.writeByte(1);
      Binary.text(record.topic, out);
      out.writeInt(record.partition);
      out.writeLong(record.offset);
      Binary.bytes(record.key, out);
      Binary.bytes(record.value, out);
    }

    @Override
    public GranuleRecord read(DataInput in) throws IOException {
      Binary.version(in, 1, "a granule record");
      return new GranuleRecord(
          Binary.text(in), in.readInt(), in.readLong(), Binary.bytes(in), Binary.bytes(in));
    }
  }
}
