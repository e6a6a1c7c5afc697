package etesian.pipeline.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import etesian.ingest.kafka.Topics;
import etesian.pipeline.decode.DeadLetter;
import etesian.pipeline.decode.GranuleRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Dead letters: key and bytes untouched, the reason and the place in headers; the file that it was
 * and what a record without value referred to stay in its headers. A record that no dead letter
 * takes would end the job again and again: of it there is the place alone, and in {@value #OMITTED}
 * how many bytes lie there.
 */
final class DeadLetterRecords extends TopicRecords<DeadLetter> {
  private static final long serialVersionUID = 1L;

  /** Header of a dead letter without what it is about: the number of bytes left out. */
  static final String OMITTED = "omitted";

  /** Header of CloudEvents: the file that a granule was, as who sent it names it. */
  static final String SOURCE = "ce_source";

  /** Of key, value and reference; the rest is for the other headers. */
  static final int ROOM = Topics.MAX_DEAD_LETTER_BYTES - (1 << 20);

  private static final byte[] NONE = {};
  private static final int LONGEST_REASON = 10_000;

  DeadLetterRecords() {
    super(Topics.DEAD_LETTERS);
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      DeadLetter letter, KafkaSinkContext context, Long timestamp) {
    byte[] key = letter.record().key();
    long bytes = bytes(letter.record());
    boolean fits = bytes <= ROOM;
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topic(), fits && key.length > 0 ? key : null, fits ? letter.record().value() : NONE);
    if (fits) {
      letter.record().reference().ifPresent(reference -> reference.addTo(record.headers()));
    } else {
      header(record, OMITTED, Long.toString(bytes));
    }
    if (!letter.record().source().isEmpty()) {
      header(record, SOURCE, letter.record().source());
    }
    header(record, "reason", cut(letter.reason()));
    header(record, "class", letter.reasonClass());
    header(record, "topic", letter.record().topic());
    header(record, "partition", Integer.toString(letter.record().partition()));
    header(record, "offset", Long.toString(letter.record().offset()));
    header(record, "sha256", letter.sha256());
    return record;
  }

  private static long bytes(GranuleRecord record) {
    long reference =
        record
            .reference()
            .map(r -> 3L * (r.uri().length() + r.sha256().length() + r.length().length()))
            .orElse(0L); // a character takes three bytes at most
    return record.key().length + record.value().length + reference;
  }

  /** A reason may quote what is wrong, which may be anything. */
  private static String cut(String reason) {
    return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON) + " …";
  }

  private static void header(ProducerRecord<byte[], byte[]> record, String name, String value) {
    record.headers().add(name, value.getBytes(UTF_8));
  }
}
