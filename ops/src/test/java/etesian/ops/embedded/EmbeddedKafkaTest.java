package etesian.ops.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.ingest.kafka.Topics;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class EmbeddedKafkaTest {
  private static final String TOPIC = "granules";

  @Test
  void aRecordOfFiveMegabytesInATransactionComesBackStampedByTheBroker() throws Exception {
    byte[] value = new byte[5_000_000];
    new Random(1).nextBytes(value);
    try (EmbeddedKafka kafka = EmbeddedKafka.start(0)) {
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
        admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
      }
      produce(kafka, value);

      ConsumerRecord<byte[], byte[]> record = first(kafka);

      assertThat(record.value()).isEqualTo(value);
      assertThat(record.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
    }
  }

  private static void produce(EmbeddedKafka kafka, byte[] value) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            kafka.bootstrap(),
            "max.request.size",
            Topics.MAX_RECORD_BYTES,
            "transactional.id",
            "test",
            "transaction.timeout.ms",
            900_000);
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      // a time of 1970, as a careless client would send it
      var sent = producer.send(new ProducerRecord<>(TOPIC, null, 0L, null, value));
      producer.commitTransaction();
      assertThat(sent).isDone();
    }
  }

  private static ConsumerRecord<byte[], byte[]> first(EmbeddedKafka kafka) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", kafka.bootstrap(),
            "isolation.level", "read_committed",
            "auto.offset.reset", "earliest");
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(new TopicPartition(TOPIC, 0)));
      return consumer.poll(Duration.ofSeconds(30)).iterator().next();
    }
  }

  @Test
  void aTakenPortIsNamedWithWhatToDo() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> EmbeddedKafka.start(other.getLocalPort()))
          .isInstanceOf(StartFailed.class)
          .hasMessageContaining("port " + other.getLocalPort() + " on 127.0.0.1 is taken")
          .hasMessageContaining("another port");
    }
  }
}
