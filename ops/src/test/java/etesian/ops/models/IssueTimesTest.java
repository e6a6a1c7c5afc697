package etesian.ops.models;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.kafka.Topics;
import etesian.ops.embedded.EmbeddedKafka;
import etesian.pipeline.settings.KafkaSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Forecasts in two partitions, of which two records are looked at first. */
class IssueTimesTest {
  private static EmbeddedKafka kafka;
  private static KafkaSettings settings;
  private static KafkaProducer<byte[], byte[]> producer;

  @BeforeAll
  static void start() throws Exception {
    kafka = EmbeddedKafka.start(0);
    settings = new KafkaSettings(kafka.bootstrap(), Map.of(), Duration.ofMinutes(1));
    try (Admin admin = Admin.create(settings.client())) {
      NewTopic forecasts = new NewTopic(Topics.FORECASTS, Optional.of(2), Optional.empty());
      admin.createTopics(List.of(forecasts)).all().get();
    }
    producer =
        new KafkaProducer<>(
            settings.client(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  @AfterAll
  static void stop() {
    producer.close();
    kafka.close();
  }

  @Test
  void revisionsOfOldIssueTimesDoNotHideTheNewest() throws Exception {
    issue(0, "sea", 1, 0);
    issue(0, "sea", 10, 0);
    for (int day = 1; day <= 5; day++) {
      issue(0, "sea", day, 1);
    }
    assertThat(newest("sea")).contains(day(10));
  }

  @Test
  void whatOnePartitionShowsDoesNotSpeakForTheOther() throws Exception {
    issue(0, "air", 3, 0);
    issue(1, "air", 4, 0);
    for (int again = 1; again <= 5; again++) {
      issue(1, "air", 1, again);
    }
    assertThat(newest("air")).contains(day(4));
  }

  @Test
  void theNewestIssueTimeMayBeThatOfARevision() throws Exception {
    issue(0, "ice", 7, 0);
    issue(0, "ice", 8, 1);
    assertThat(newest("ice")).contains(day(8));
  }

  @Test
  void aStreamWithoutForecastsHasNone() {
    assertThat(newest("lake")).isEmpty();
  }

  private static Optional<Instant> newest(String stream) {
    return new IssueTimes(settings, 2).newest(stream);
  }

  private static Instant day(int day) {
    return Instant.parse("2020-01-01T00:00:00Z").plus(Duration.ofDays(day));
  }

  /** A record with the headers that count, and no forecast in it. */
  private static void issue(int partition, String stream, int day, int revision) throws Exception {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(Topics.FORECASTS, partition, null, new byte[1]);
    record.headers().add("ce_stream", stream.getBytes(UTF_8));
    record.headers().add("ce_issuetime", day(day).toString().getBytes(UTF_8));
    record.headers().add("ce_revision", Integer.toString(revision).getBytes(UTF_8));
    producer.send(record).get();
  }
}
