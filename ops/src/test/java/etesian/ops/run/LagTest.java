package etesian.ops.run;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.kafka.Topics;
import etesian.ops.embedded.EmbeddedKafka;
import etesian.pipeline.settings.KafkaSettings;
import etesian.pipeline.sink.KafkaEnds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LagTest {
  private static final String TOPIC = Topics.granules("era5");

  private EmbeddedKafka broker;
  private KafkaSettings kafka;
  private Admin admin;

  @BeforeEach
  void start() throws Exception {
    broker = EmbeddedKafka.start(0);
    kafka = new KafkaSettings(broker.bootstrap(), Map.of(), Duration.ofMinutes(10));
    admin = Admin.create(kafka.client());
    Topics.create(admin, List.of("era5"));
  }

  @AfterEach
  void stop() {
    admin.close();
    broker.close();
  }

  @Test
  void whatFollowsTheLastCommittedGranuleIsNoLag() throws Exception {
    try (Lag lag = new Lag(kafka, "test", List.of(TOPIC))) {
      assertThat(lag.isNone()).as("an empty topic").isTrue();

      Properties properties = kafka.client();
      properties.put("transactional.id", "test");
      try (var producer =
          new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
        producer.initTransactions();
        producer.beginTransaction();
        long first = send(producer);
        long second = send(producer);
        producer.commitTransaction();
        producer.beginTransaction();
        send(producer);
        producer.flush();
        producer.abortTransaction();

        assertThat(lag.isNone()).as("nothing taken").isFalse();
        take(first);
        assertThat(lag.isNone()).as("one of two taken").isFalse();
        take(second);
        assertThat(lag.isNone()).as("two markers and an aborted granule left").isTrue();

        producer.beginTransaction();
        send(producer);
        producer.commitTransaction();
        assertThat(lag.isNone()).as("a new granule").isFalse();
      }
    }
  }

  private static long send(KafkaProducer<byte[], byte[]> producer) throws Exception {
    return producer.send(new ProducerRecord<>(TOPIC, new byte[1000])).get().offset();
  }

  /** What the job does with a checkpoint. */
  private void take(long offset) throws Exception {
    admin
        .alterConsumerGroupOffsets(
            KafkaEnds.group("test"),
            Map.of(new TopicPartition(TOPIC, 0), new OffsetAndMetadata(offset + 1)))
        .all()
        .get();
  }
}
