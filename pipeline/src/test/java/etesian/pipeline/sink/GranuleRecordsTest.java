package etesian.pipeline.sink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.wire.DataReference;
import etesian.ingest.wire.GranuleEvents;
import etesian.pipeline.decode.DeadLetter;
import etesian.pipeline.decode.GranuleRecord;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class GranuleRecordsTest {
  private static final DataReference REFERENCE =
      new DataReference("file:///data/a.nc", "cd".repeat(32), "17");

  @Test
  void aClaimCheckKeepsItsReferenceOnTheWayInAndAsADeadLetter() throws Exception {
    GranuleRecord record = received(claimCheck());
    assertThat(record.reference()).contains(REFERENCE);
    assertThat(record.value()).isEmpty();

    ProducerRecord<byte[], byte[]> letter =
        new DeadLetterRecords()
            .serialize(new DeadLetter(record, "", "REFERENCE_MISSING", "gone"), null, 0L);
    assertThat(DataReference.of(letter.headers())).contains(REFERENCE);
    assertThat(header(letter, "ce_source")).isEqualTo("file:///a.nc"); // which file it was
    assertThat(letter.timestamp()).isNull();
  }

  /** A topic of granules may take larger records than ours: they must not end the job. */
  @Test
  void whatNoDeadLetterTakesStaysInItsTopicAndIsNamed() {
    GranuleRecord record =
        new GranuleRecord("t", 2, 3, new byte[1], new byte[DeadLetterRecords.ROOM]);
    ProducerRecord<byte[], byte[]> letter =
        new DeadLetterRecords()
            .serialize(new DeadLetter(record, "ab", "CORRUPT", "x".repeat(1 << 20)), null, 0L);
    assertThat(letter.key()).isNull();
    assertThat(letter.value()).isEmpty();
    assertThat(header(letter, "omitted")).isEqualTo("" + (DeadLetterRecords.ROOM + 1));
    assertThat(header(letter, "topic") + header(letter, "partition") + header(letter, "offset"))
        .isEqualTo("t23");
    assertThat(header(letter, "reason")).hasSizeLessThan(20_000);
  }

  @Test
  void theLargestDeadLetterKeepsItsBytes() {
    byte[] value = new byte[DeadLetterRecords.ROOM - 1];
    GranuleRecord record = new GranuleRecord("t", 2, 3, new byte[1], value);
    ProducerRecord<byte[], byte[]> letter =
        new DeadLetterRecords()
            .serialize(new DeadLetter(record, "ab", "CORRUPT", "torn"), null, 0L);
    assertThat(letter.value()).isSameAs(value);
    assertThat(letter.headers().lastHeader("omitted")).isNull();
  }

  private static String header(ProducerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  @Test
  void aRecordWithoutValueAndReferenceIsEmpty() throws Exception {
    GranuleRecord record = received(new ProducerRecord<>("t", null, null));
    assertThat(record.reference()).isEmpty();
    assertThat(record.source()).isEmpty();
    assertThat(record.value()).isEmpty();
    assertThat(record.key()).isEmpty();
  }

  private static ProducerRecord<byte[], byte[]> claimCheck() {
    return GranuleEvents.reference(
        "t",
        "era5/t2m",
        URI.create(REFERENCE.uri()),
        REFERENCE.sha256(),
        17,
        "file:///a.nc",
        Instant.EPOCH);
  }

  private static GranuleRecord received(ProducerRecord<byte[], byte[]> sent) throws Exception {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(sent.topic(), 0, 3, sent.key(), sent.value());
    sent.headers().forEach(header -> record.headers().add(header));
    List<GranuleRecord> taken = new ArrayList<>();
    new GranuleRecords()
        .deserialize(
            record,
            new Collector<>() {
              @Override
              public void collect(GranuleRecord one) {
                taken.add(one);
              }

              @Override
              public void close() {}
            });
    return taken.get(0);
  }
}
