package etesian.pipeline.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import etesian.pipeline.champion.Champion;
import etesian.pipeline.types.CodecType;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Champions from their compacted topic. What cannot be read leaves the champion before serving. */
final class ChampionRecords implements KafkaRecordDeserializationSchema<Champion> {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(ChampionRecords.class);

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Champion> out) {
    if (record.value() == null) {
      return; // a tombstone: the topic forgets a stream, running jobs do not
    }
    try {
      out.collect(Champion.fromJson(new String(record.value(), UTF_8)));
    } catch (IllegalArgumentException e) {
      LOG.error(
          "{}/{}@{}: {}", record.topic(), record.partition(), record.offset(), e.getMessage());
    }
  }

  @Override
  public TypeInformation<Champion> getProducedType() {
    return new CodecType<>(Champion.class, new Champion.ChampionCodec());
  }
}
