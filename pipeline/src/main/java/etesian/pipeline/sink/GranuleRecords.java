package etesian.pipeline.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import etesian.ingest.wire.DataReference;
import etesian.pipeline.decode.GranuleRecord;
import etesian.pipeline.types.CodecType;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Granules as they lie in the topic. Decoding, which may fail, comes after the source. */
final class GranuleRecords implements KafkaRecordDeserializationSchema<GranuleRecord> {
  private static final long serialVersionUID = 1L;
  private static final byte[] NONE = {};
  private static final int LONGEST_SOURCE = 4096;

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<GranuleRecord> out) {
    out.collect(
        new GranuleRecord(
            record.topic(),
            record.partition(),
            record.offset(),
            record.key() == null ? NONE : record.key(),
            record.value() == null ? NONE : record.value(),
            DataReference.of(record.headers()),
            source(record.headers().lastHeader(DeadLetterRecords.SOURCE))));
  }

  private static String source(Header header) {
    String source =
        header == null || header.value() == null ? "" : new String(header.value(), UTF_8);
    return source.length() <= LONGEST_SOURCE ? source : "";
  }

  @Override
  public TypeInformation<GranuleRecord> getProducedType() {
    return new CodecType<>(GranuleRecord.class, new GranuleRecord.RecordCodec());
  }
}
