package etesian.pipeline.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import etesian.ingest.kafka.Topics;
import etesian.pipeline.decode.DeadLetter;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Dead letters: key and bytes untouched, the reason and the place in headers; what a record without
 * value referred to stays in its headers.
 */
final class DeadLetterRecords extends TopicRecords<DeadLetter> {
  private static final long serialVersionUID = 1L;

  DeadLetterRecords() {
    super(Topics.DEAD_LETTERS);
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      DeadLetter letter, KafkaSinkContext context, Long timestamp) {
    byte[] key = letter.record().key();
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic(), key.length == 0 ? null : key, letter.record().value());
    letter.record().reference().ifPresent(reference -> reference.addTo(record.headers()));
    header(record, "reason", letter.reason());
    header(record, "class", letter.reasonClass());
    header(record, "topic", letter.record().topic());
    header(record, "partition", Integer.toString(letter.record().partition()));
    header(record, "offset", Long.toString(letter.record().offset()));
    header(record, "sha256", letter.sha256());
    return record;
  }

  private static void header(ProducerRecord<byte[], byte[]> record, String name, String value) {
    record.headers().add(name, value.getBytes(UTF_8));
  }
}
