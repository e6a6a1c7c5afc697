package etesian.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.ops.embedded.EmbeddedKafka;
import etesian.pipeline.settings.KafkaSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class StreamFlowTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  @Test
  void whatComesAfterTheFirstInstantIsCountedAndWhatLayThereIsNot() throws Exception {
    try (EmbeddedKafka broker = EmbeddedKafka.start(0)) {
      KafkaSettings kafka = new KafkaSettings(broker.bootstrap(), Map.of(), LONG);
      try (Admin admin = Admin.create(kafka.client())) {
        admin.createTopics(List.of(new NewTopic("flow", 1, (short) 1))).all().get();
      }
      try (KafkaProducer<byte[], byte[]> producer =
          new KafkaProducer<>(
              kafka.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
        producer.send(new ProducerRecord<>("flow", new byte[1000])).get();
        try (StreamFlow flow = new StreamFlow(kafka, "flow")) {
          for (int bytes : new int[] {7, 10, 20, 30}) {
            producer.send(new ProducerRecord<>("flow", new byte[bytes])).get();
            Thread.sleep(20); // the clock of the broker goes on
          }
          flow.await(Duration.ZERO, Duration.ZERO, () -> {});
          StreamFlow.Window window = flow.read(Duration.ZERO, LONG);
          assertThat(window.records()).isEqualTo(3);
          assertThat(window.bytes()).isEqualTo(60);
          assertThat(window.recordsPerSecond()).isEqualTo(3 / window.seconds());
          assertThatThrownBy(() -> flow.read(LONG, LONG)).hasMessageContaining("nothing came");
        }
      }
    }
  }
}
