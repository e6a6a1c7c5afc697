package etesian.pipeline.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import etesian.ingest.kafka.Topics;
import etesian.ingest.wire.EventHeaders;
import etesian.pipeline.verify.Score;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Scores as JSON in CloudEvents; the key is stream/variable/lead. The extension attribute {@code
 * revision} is that of the score, {@code supersedes} the {@code id} of the record whose place it
 * takes.
 */
final class ScoreRecords extends TopicRecords<Score> {
  private static final long serialVersionUID = 1L;
  private static final String TYPE = "etesian.score.v1";

  ScoreRecords() {
    super(Topics.SCORES);
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      Score score, KafkaSinkContext context, Long timestamp) {
    int revision = score.scoreRevision();
    ProducerRecord<byte[], byte[]> record =
        EventHeaders.json(
            topic(),
            key(score).getBytes(UTF_8),
            score.toJson().getBytes(UTF_8),
            TYPE,
            id(score, revision),
            "/etesian/streams/" + score.stream(),
            Instant.now());
    record.headers().add("ce_revision", Integer.toString(revision).getBytes(UTF_8));
    if (revision > 0) {
      record.headers().add("ce_supersedes", id(score, revision - 1).getBytes(UTF_8));
    }
    return record;
  }

  private static String key(Score score) {
    return score.stream() + "/" + score.variable() + "/" + score.lead();
  }

  private static String id(Score score, int revision) {
    return EventHeaders.id(TYPE, key(score), score.issueTime(), revision);
  }
}
