package etesian.pipeline.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import etesian.ingest.kafka.Topics;
import etesian.ingest.wire.EventHeaders;
import etesian.pipeline.verify.Score;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Scores as JSON in CloudEvents; the key is stream/variable/lead. */
final class ScoreRecords extends TopicRecords<Score> {
  private static final long serialVersionUID = 1L;
  private static final String TYPE = "etesian.score.v1";

  ScoreRecords() {
    super(Topics.SCORES);
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      Score score, KafkaSinkContext context, Long timestamp) {
    String key = score.stream() + "/" + score.variable() + "/" + score.lead();
    String id =
        EventHeaders.id(TYPE, key, score.issueTime(), score.weightsSha256(), score.revision());
    return EventHeaders.json(
        topic(),
        key.getBytes(UTF_8),
        score.toJson().getBytes(UTF_8),
        TYPE,
        id,
        "/etesian/streams/" + score.stream(),
        Instant.now());
  }
}
