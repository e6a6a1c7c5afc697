package etesian.pipeline.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import etesian.ingest.field.Check;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.types.CodecType;
import java.util.Optional;
import java.util.function.Consumer;
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

  /** Ours have less than 3 KiB; what is written by hand must fit into the state of the job. */
  private static final int MOST_BYTES = 16 << 10;

  /**
   * The champion of a record; empty for a tombstone and for what cannot be read.
   *
   * @param passedBy told where something lies that cannot be read, and why
   */
  static Optional<Champion> read(ConsumerRecord<byte[], byte[]> record, Consumer<String> passedBy) {
    if (record.value() == null) {
      return Optional.empty(); // the topic forgets a stream, running jobs do not
    }
    try {
      Check.that(
          record.value().length <= MOST_BYTES,
          "%d bytes are too many for a champion, which has %d at most",
          record.value().length,
          MOST_BYTES);
      return Optional.of(Champion.fromJson(new String(record.value(), UTF_8)));
    } catch (IllegalArgumentException e) {
      passedBy.accept(
          "%s/%d@%d is passed by, the champion before goes on serving: %s"
              .formatted(record.topic(), record.partition(), record.offset(), e.getMessage()));
      return Optional.empty();
    }
  }

  static void warn(String what) {
    LOG.warn("{}", what);
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Champion> out) {
    read(record, ChampionRecords::warn).ifPresent(out::collect);
  }

  @Override
  public TypeInformation<Champion> getProducedType() {
    return new CodecType<>(Champion.class, new Champion.ChampionCodec());
  }
}
