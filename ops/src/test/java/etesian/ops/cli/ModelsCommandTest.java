package etesian.ops.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import etesian.ingest.field.Forecast;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Origin;
import etesian.ingest.field.Variable;
import etesian.ingest.kafka.TopicReader;
import etesian.ingest.kafka.Topics;
import etesian.ingest.wire.ForecastEvents;
import etesian.ingest.wire.Sha256;
import etesian.operators.SafeTensors;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.ops.embedded.EmbeddedKafka;
import etesian.ops.embedded.Ports;
import etesian.ops.run.Elsewhere;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.learn.ModelEvent;
import etesian.pipeline.settings.KafkaSettings;
import etesian.pipeline.sink.ChampionTopic;
import etesian.pipeline.storage.Folder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The weights are those of the demo's sea, and the same with another note in the header. */
class ModelsCommandTest {
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

  private static EmbeddedKafka kafka;
  private static Properties client;
  private static byte[] sea;

  @TempDir private Path folder;
  private String stream;
  private Path config;

  @BeforeAll
  static void start() throws Exception {
    kafka = EmbeddedKafka.start(0);
    client = new Properties();
    client.put("bootstrap.servers", kafka.bootstrap());
    try (Admin admin = Admin.create(client)) {
      Topics.create(admin, List.of("sst"));
    }
    try (InputStream in =
        ModelsCommandTest.class.getResourceAsStream("/weights/simulated-sst.safetensors")) {
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

  private Path settingsOf(String brokers, Folder place) throws IOException {
    Path file = folder.resolve("etesian.yaml");
    return Files.writeString(
        file,
        SETTINGS.formatted(place.resolve("weights"), place.resolve("state"), brokers, stream));
  }

  private Run models(String what, String... more) {
    List<String> all = new ArrayList<>(List.of("models", what, "-c", config.toString()));
    all.addAll(List.of(more));
    return Run.of(all.toArray(String[]::new));
  }

  private Path file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  /** The sea's weights with another entry in their header. */
  private static byte[] with(String key, String value) {
    return with(Map.of(key, value));
  }

  private static byte[] with(Map<String, String> entries) {
    Weights weights = SafeTensors.read(sea);
    Map<String, String> metadata = new LinkedHashMap<>(weights.metadata());
    metadata.putAll(entries);
    return SafeTensors.write(new Weights(metadata, weights.tensors()));
  }

  private static byte[] broken() {
    Weights weights = SafeTensors.read(sea);
    Map<String, Tensor> tensors = new LinkedHashMap<>(weights.tensors());
    float[] deviation = new float[36 * 72];
    Arrays.fill(deviation, Float.NaN);
    tensors.put("climatology.deviation", new Tensor(deviation, deviation.length));
    return SafeTensors.write(new Weights(weights.metadata(), tensors));
  }

  private Champion champion() {
    List<Champion> champions =
        ChampionTopic.readToEnd(
                new KafkaSettings(kafka.bootstrap(), Map.of(), Duration.ofMinutes(1)))
            .champions();
    return champions.stream()
        .filter(each -> each.stream().equals(stream))
        .reduce((before, newer) -> newer)
        .orElseThrow();
  }

  private List<ConsumerRecord<byte[], byte[]>> events() {
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

  private void issue(Instant issueTime) throws Exception {
    Forecast forecast =
        new Forecast(
            stream,
            new Variable("sst", "K", "", ""),
            new Grid(2, 2, 45, 0, 90, 180),
            issueTime,
            0,
            List.of(new Forecast.Step(1, issueTime.plus(Duration.ofDays(7)), new float[4])),
            "smnn",
            Sha256.hex(sea),
            List.of(new Origin("cd".repeat(32), "etesian.granules.sst/0@17")));
    try (var producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(ForecastEvents.record(Topics.FORECASTS, forecast, "test", issueTime)).get();
    }
  }

  @Test
  void theFirstChampionServesFromTheFirstIssueTime() throws Exception {
    Run run = models("promote", stream, "--weights", file("sea.safetensors", sea).toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(champion().effectiveFrom()).isEqualTo(Champion.ALWAYS);
    assertThat(champion().weightsSha256()).isEqualTo(Sha256.hex(sea));
    assertThat(folder.resolve("weights").resolve(Sha256.hex(sea) + ".safetensors"))
        .hasBinaryContent(sea);
  }

  @Test
  void theNextChampionServesFromTheIssueTimeAfterTheNewestForecast() throws Exception {
    models("promote", stream, "--weights", file("first.safetensors", sea).toString());
    issue(Instant.parse("2020-02-01T00:00:00Z"));
    byte[] better = with("note", "better");

    Run run =
        models(
            "promote",
            stream,
            "--weights",
            file("better.safetensors", better).toString(),
            "--reason",
            "colder seas");

    assertThat(run.err()).isEmpty();
    Champion champion = champion();
    assertThat(champion.weightsSha256()).isEqualTo(Sha256.hex(better));
    assertThat(champion.effectiveFrom()).isEqualTo(Instant.parse("2020-02-08T00:00:00Z"));
    assertThat(champion.parent()).isEqualTo(Sha256.hex(sea));
    assertThat(champion.before())
        .extracting(Champion::weightsSha256)
        .containsExactly(Sha256.hex(sea));
    ConsumerRecord<byte[], byte[]> event = events().get(1);
    assertThat(new String(event.headers().lastHeader("ce_type").value(), UTF_8))
        .isEqualTo("etesian.model-event.v1");
    JsonNode json = new ObjectMapper().readTree(event.value());
    assertThat(json.get("event").asText()).isEqualTo("promoted");
    assertThat(json.get("reason").asText()).isEqualTo("colder seas");
    assertThat(json.get("parent").asText()).isEqualTo(Sha256.hex(sea));
  }

  @Test
  void aRollbackBringsTheChampionBeforeBack() throws Exception {
    models("promote", stream, "--weights", file("first.safetensors", sea).toString());
    models("promote", stream, "--weights", file("next.safetensors", with("note", "n")).toString());

    Run run = models("rollback", stream, "--effective-from", "2020-03-07", "--json");

    assertThat(run.err()).isEmpty();
    assertThat(champion().weightsSha256()).isEqualTo(Sha256.hex(sea));
    assertThat(champion().effectiveFrom()).isEqualTo(Instant.parse("2020-03-07T00:00:00Z"));
    assertThat(champion().before()).hasSize(2);
    assertThat(new ObjectMapper().readTree(run.out()).get("event").asText())
        .isEqualTo("rolled_back");
  }

  @Test
  void aFirstChampionCannotBeRolledBack() throws Exception {
    models("promote", stream, "--weights", file("first.safetensors", sea).toString());
    Run run = models("rollback", stream);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("first champion");
  }

  @Test
  void weightsOfAnotherGridArchitectureOrWithoutAForecastChangeNothing() throws Exception {
    Map<String, byte[]> useless =
        Map.of(
            "the settings ask for",
            with("stream.grid", "36 72 87.5 0.0 5.0 5.0"),
            "architecture 'm2no'",
            with("architecture", "m2no"),
            "'climatology.deviation' holds NaN",
            broken(),
            "safetensors",
            "no weights".getBytes(UTF_8));
    for (Map.Entry<String, byte[]> each : useless.entrySet()) {
      Run run = models("promote", stream, "--weights", file("x", each.getValue()).toString());
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).contains(each.getKey()).doesNotContain("a bug");
    }
    assertThat(events()).isEmpty();
    assertThat(folder.resolve("weights")).doesNotExist();
  }

  @Test
  void whoServesAlreadyIsNotPromoted() throws Exception {
    models("promote", stream, "--weights", file("first.safetensors", sea).toString());
    Run run = models("promote", stream, "--weights", Sha256.hex(sea).substring(0, 8));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("serve already");
    assertThat(events()).hasSize(1);
  }

  @Test
  void forecastsThatWereIssuedKeepTheirWeights() throws Exception {
    models("promote", stream, "--weights", file("first.safetensors", sea).toString());
    issue(Instant.parse("2020-02-01T00:00:00Z"));
    Run run =
        models(
            "promote",
            stream,
            "--weights",
            file("next.safetensors", with("note", "n")).toString(),
            "--effective-from",
            "2020-02-01");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("too early", "up to 2020-02-01T00:00:00Z");
    assertThat(events()).hasSize(1);
  }

  /** Else nobody could be named until then, and the tuner neither. */
  @Test
  void aTimeFarAheadIsRefused() throws Exception {
    models("promote", stream, "--weights", file("first.safetensors", sea).toString());
    issue(Instant.parse("2020-02-01T00:00:00Z"));
    String next = file("next.safetensors", with("note", "n")).toString();
    Run run = models("promote", stream, "--weights", next, "--effective-from", "2062-02-08");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("too far ahead", "name one up to 2020-04-25T00:00:00Z");
    assertThat(events()).hasSize(1);

    models("promote", stream, "--weights", next, "--effective-from", "2020-04-25");
    assertThat(champion().effectiveFrom()).isEqualTo(Instant.parse("2020-04-25T00:00:00Z"));
  }

  @Test
  void whatIsNotThereIsNamed() throws Exception {
    assertThat(models("promote", "lake", "--weights", file("f", sea).toString()).err())
        .contains("no stream 'lake'", "there are " + stream);
    assertThat(models("promote", stream, "--weights", "abcdef").err())
        .contains("no file 'abcdef', and no weights of that SHA-256");
    assertThat(models("show", "lake").err()).contains("nothing is known of a stream 'lake'");
    assertThat(models("rollback", stream).err()).contains("has no champion");
    assertThat(Run.of("models", "rollback", stream).exitCode()).isEqualTo(2);
    assertThat(Run.of("models").exitCode()).isEqualTo(2);
  }

  @Test
  void brokersThatDoNotAnswerAreNamed() throws Exception {
    String nobody = "127.0.0.1:" + Ports.free();
    config = settingsOf(nobody, Folder.of(folder));
    Run run = models("list");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("the brokers at " + nobody);
    config = settingsOf("embedded", Folder.of(folder));
    assertThat(models("list").err()).contains("--brokers host:port");
    assertThat(Run.of("console", "-c", config.toString()).err()).contains("--brokers host:port");
    assertThat(models("list", "--brokers", kafka.bootstrap()).exitCode()).isZero();
  }

  @Test
  void theListAndTheLineageAreForPeopleAndPrograms() throws Exception {
    byte[] next = with("note", "n");
    models("promote", stream, "--weights", file("first.safetensors", sea).toString());
    models("promote", stream, "--weights", file("next.safetensors", next).toString());

    assertThat(models("list").out().lines())
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith(stream)
                    .contains(Sha256.hex(next).substring(0, 8), "promoted by hand"));
    JsonNode list = new ObjectMapper().readTree(models("list", "--json").out());
    assertThat(list.findValuesAsText("stream")).contains(stream);

    assertThat(models("show", stream).out())
        .contains("from the first issue time  smnn  " + Sha256.hex(sea).substring(0, 8))
        .contains("serves", "note = n", "promoted by hand; parent");
    JsonNode show =
        new ObjectMapper()
            .readTree(
                Run.of("models", "show", stream, "--brokers", kafka.bootstrap(), "--json").out());
    assertThat(show.get("events")).hasSize(2);
    assertThat(show.get("champion").get("parent").asText()).isEqualTo(Sha256.hex(sea));
    assertThat(show.get("metadata").isNull()).isTrue();
  }

  private static Stream<Function<Path, Folder>> places() {
    return Stream.of(Folder::of, Elsewhere::of);
  }

  @ParameterizedTest
  @MethodSource("places")
  void onlyWhatATunerLeftAndNobodyNamesIsSwept(Function<Path, Folder> place) throws Exception {
    config = settingsOf(kafka.bootstrap(), place.apply(folder));
    models("promote", stream, "--weights", file("first.safetensors", sea).toString());
    WeightsStore store = new WeightsStore(folder.resolve("weights"));
    String orphan = store.put(with("lineage.parent", Sha256.hex(sea)));
    String strange = store.put(with("lineage.parent", "ab".repeat(32)));
    String trained = store.put(with("note", "first weights of another stream"));
    for (String old : List.of(orphan, strange, trained, Sha256.hex(sea))) {
      Files.setLastModifiedTime(
          Path.of(store.location(old)), FileTime.from(Instant.now().minus(Duration.ofDays(3))));
    }
    String young = store.put(with("lineage.parent", Sha256.hex(sea) + " "));
    Path lesson = Path.of(store.training().location(store.training().put(with("steps", "50"))));
    Path half = Files.createFile(folder.resolve("weights").resolve("x.safetensors.y.part"));
    for (Path old : List.of(lesson, half)) {
      Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(3))));
    }
    Path goesOn = Path.of(store.training().location(store.training().put(with("steps", "100"))));

    String saved = saved(folder.resolve("state").resolve("chk-7"), store);
    String elsewhere = saved(folder.resolve("savepoints"), store.training());
    assertThat(models("sweep").out()).contains(elsewhere).doesNotContain(saved);
    assertThat(models("sweep", "--savepoints", folder.resolve("none").toString()).err())
        .contains("none is no folder");
    assertThat(
            models("sweep", "--savepoints", place.apply(folder.resolve("savepoints")).toString())
                .out())
        .contains(orphan)
        .doesNotContain(elsewhere, saved);
    Files.delete(Path.of(store.training().location(elsewhere)));

    assertThat(models("sweep").out())
        .contains(orphan, lesson.toString(), half.toString(), "3 files")
        .doesNotContain(strange, trained, goesOn.toString());
    assertThat(Path.of(store.location(orphan))).exists();
    assertThat(models("sweep", "--delete", "--json").out()).contains(orphan, "\"deleted\" : true");
    assertThat(lesson).doesNotExist();
    assertThat(half).doesNotExist();
    assertThat(goesOn).exists();
    assertThat(store.newestFirst())
        .containsExactlyInAnyOrder(young, strange, trained, saved, Sha256.hex(sea));
    assertThat(models("sweep", "--older-than", "PT1M").exitCode()).isEqualTo(2);
  }

  /** Forecasts go on with the champion before; what learning refuses serves all the same. */
  @Test
  void aChampionThatForecastsRefuseDoesNotServe() throws Exception {
    byte[] next = with("note", "n");
    models("promote", stream, "--weights", file("first.safetensors", sea).toString());
    models("promote", stream, "--weights", file("next.safetensors", next).toString());
    refuse(Sha256.hex(next), ModelEvent.TUNING);
    assertThat(models("show", stream).out()).contains("  serves").contains("tuning: of no use");
    refuse(Sha256.hex(next), ModelEvent.FORECASTS);

    String refused = "refused, " + Sha256.hex(sea).substring(0, 8) + " serves";
    assertThat(models("list").out()).contains(refused + "; promoted by hand");
    assertThat(models("show", stream).out())
        .contains(Sha256.hex(next).substring(0, 8) + "  " + refused)
        .contains("forecasts: of no use");
    JsonNode show = new ObjectMapper().readTree(models("show", stream, "--json").out());
    assertThat(show.get("serves").asText()).isEqualTo(Sha256.hex(sea));
    models("rollback", stream);
    models("rollback", stream);
    assertThat(models("show", stream).out()).as("announced again").doesNotContain("refused, ");
  }

  private void refuse(String sha256, String by) throws Exception {
    ModelEvent event =
        new ModelEvent(
            ModelEvent.Kind.REFUSED,
            Instant.now(),
            stream,
            "smnn",
            sha256,
            null,
            null,
            null,
            "of no use",
            Map.of(),
            by);
    send(Topics.MODELS, stream, event.toJson());
  }

  private static void send(String topic, String key, String value) throws Exception {
    try (var producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), value.getBytes(UTF_8))).get();
    }
  }

  @Test
  void aRecordThatCannotBeReadHoldsUpItsOwnStreamUntilSomebodyPassesItBy() throws Exception {
    String lake = "lake-" + stream;
    WeightsStore store = new WeightsStore(folder.resolve("weights"));
    models("promote", stream, "--weights", file("first.safetensors", sea).toString());
    String meant = store.put(with("lineage.parent", Sha256.hex(sea)));
    String orphan = store.put(with(Map.of("lineage.parent", Sha256.hex(sea), "note", "n")));
    for (String old : List.of(meant, orphan)) {
      Files.setLastModifiedTime(
          Path.of(store.location(old)), FileTime.from(Instant.now().minus(Duration.ofDays(3))));
    }
    send(Topics.CHAMPIONS, lake, "not json, of " + meant);
    String next = file("next.safetensors", with("note", "n")).toString();
    assertThat(models("promote", stream, "--weights", next).err()).as("another stream").isEmpty();

    assertThat(models("sweep").err()).contains("'" + lake + "'", "--past-unreadable");
    assertThat(models("sweep", "--past-unreadable").out()).contains(orphan).doesNotContain(meant);
    send(Topics.CHAMPIONS, stream, "not json");
    Run blocked = models("rollback", stream);
    assertThat(blocked.exitCode()).isEqualTo(1);
    assertThat(blocked.err()).contains("1 records", "not a champion", "--past-unreadable");
    assertThat(models("rollback", stream, "--past-unreadable").err()).isEmpty();
    assertThat(models("rollback", stream).err()).as("a later record can be read").isEmpty();
    send(Topics.CHAMPIONS, lake, champion().toJson());
    assertThat(models("sweep").out()).contains(orphan).doesNotContain(meant);
  }

  /** An old file of a tuner that a savepoint in a folder names. */
  private String saved(Path savepoint, WeightsStore store) throws IOException {
    Map<String, String> tuned =
        Map.of("lineage.parent", Sha256.hex(sea), "note", savepoint.toString());
    String sha256 = store.put(with(tuned));
    Files.setLastModifiedTime(
        Path.of(store.location(sha256)), FileTime.from(Instant.now().minus(Duration.ofDays(3))));
    Files.createDirectories(savepoint);
    Files.write(savepoint.resolve("state-1"), ("\0\1@" + sha256 + "\n").getBytes(UTF_8));
    return sha256;
  }
}
