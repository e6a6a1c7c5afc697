package etesian.pipeline.sink;

import etesian.ingest.wire.DataReference;
import etesian.pipeline.decode.GranuleRecord;
import etesian.pipeline.types.CodecType;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Granules as they lie in the topic. Decoding, which may fail, comes after the source. */
final class GranuleRecords implements KafkaRecordDeserializationSchema<GranuleRecord> {
  private static final long serialVersionUID = 1L;
  private static final byte[] NONE = {};

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<GranuleRecord> out) {
    out.collect(
        new GranuleRecord(
            record.topic(),
            record.partition(),
            record.offset(),
            record.key() == null ? NONE : record.key(),
            record.value() == null ? NONE : record.value(),
            DataReference.of(record.headers())));
  }

  @Override
  public TypeInformation<GranuleRecord> getProducedType() {
    return new CodecType<>(GranuleRecord.class, new GranuleRecord.RecordCodec());
  }
}
