package etesian.ops.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import etesian.ingest.kafka.TopicReader;
import etesian.ingest.kafka.Topics;
import etesian.operators.SafeTensors;
import etesian.operators.Weights;
import etesian.ops.embedded.EmbeddedKafka;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.settings.KafkaSettings;
import etesian.pipeline.sink.ChampionTopic;
import etesian.pipeline.storage.Folder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real brokers, and a stream for each test. The weights are those of the demo's sea, and the same
 * with another note in the header.
 */
abstract class ModelsFixture {
  private static final String SETTINGS =
      """
      weights: %s
      state: %s
      kafka: {brokers: "%s"}
      streams:
        - name: %s
          dataset: sst
          variable: sst
          units: K
          step: P7D
          anchor: 2000-01-01
          history: 52
          horizon: 26
          model: smnn
          grid: {rows: 36, columns: 72, north: 87.5, west: 2.5, row_step: 5, column_step: 5}
      """;

  static EmbeddedKafka kafka;
  static Properties client;
  static byte[] sea;

  @TempDir Path folder;
  String stream;
  Path config;

  @BeforeAll
  static void start() throws Exception {
    kafka = EmbeddedKafka.start(0);
    client = new Properties();
    client.put("bootstrap.servers", kafka.bootstrap());
    try (Admin admin = Admin.create(client)) {
      Topics.create(admin, List.of("sst"));
    }
    try (InputStream in =
        ModelsFixture.class.getResourceAsStream("/weights/simulated-sst.safetensors")) {
      sea = in.readAllBytes();
    }
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  /** A stream for each test, so that they can share the broker. */
  @BeforeEach
  void settings() throws IOException {
    stream = "sea-" + folder.getFileName();
    config = settingsOf(kafka.bootstrap(), Folder.of(folder));
  }

  Path settingsOf(String brokers, Folder place) throws IOException {
    Path file = folder.resolve("etesian.yaml");
    return Files.writeString(
        file,
        SETTINGS.formatted(place.resolve("weights"), place.resolve("state"), brokers, stream));
  }

  Run models(String what, String... more) {
    List<String> all = new ArrayList<>(List.of("models", what, "-c", config.toString()));
    all.addAll(List.of(more));
    return Run.of(all.toArray(String[]::new));
  }

  Path file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  /** The sea's weights with another entry in their header. */
  static byte[] with(String key, String value) {
    return with(Map.of(key, value));
  }

  static byte[] with(Map<String, String> entries) {
    Weights weights = SafeTensors.read(sea);
    Map<String, String> metadata = new LinkedHashMap<>(weights.metadata());
    metadata.putAll(entries);
    return SafeTensors.write(new Weights(metadata, weights.tensors()));
  }

  Champion champion() {
    List<Champion> champions =
        ChampionTopic.readToEnd(
                new KafkaSettings(kafka.bootstrap(), Map.of(), Duration.ofMinutes(1)))
            .champions();
    return champions.stream()
        .filter(each -> each.stream().equals(stream))
        .reduce((before, newer) -> newer)
        .orElseThrow();
  }

  List<ConsumerRecord<byte[], byte[]>> events() {
    List<ConsumerRecord<byte[], byte[]>> events = new ArrayList<>();
    TopicReader.each(
        client,
        Topics.MODELS,
        record -> {
          if (new String(record.key(), UTF_8).equals(stream)) {
            events.add(record);
          }
        });
    return events;
  }

  static void send(String topic, String key, String value) throws Exception {
    try (var producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), value.getBytes(UTF_8))).get();
    }
  }
}
