package etesian.pipeline.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import etesian.ingest.kafka.Topics;
import etesian.ingest.wire.EventHeaders;
import etesian.pipeline.champion.Champion;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Champions that a job promotes, as {@link ChampionRecords} reads them; the key is the stream. */
final class PromotionRecords extends TopicRecords<Champion> {
  private static final long serialVersionUID = 1L;
  private static final String TYPE = "etesian.champion.v1";

  PromotionRecords() {
    super(Topics.CHAMPIONS);
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      Champion champion, KafkaSinkContext context, Long timestamp) {
    String json = champion.toJson();
    return EventHeaders.json(
        topic(),
        champion.stream().getBytes(UTF_8),
        json.getBytes(UTF_8),
        TYPE,
        EventHeaders.id(TYPE, champion.stream(), json),
        "/etesian/streams/" + champion.stream(),
        Instant.now());
  }
}
