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
import etesian.ops.doctor.BrokerChecks;
import etesian.ops.doctor.Finding;
import etesian.ops.embedded.EmbeddedKafka;
import etesian.ops.embedded.Ports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WithBrokerTest {
  private static EmbeddedKafka kafka;
  private static Map<String, Object> client;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws Exception {
    kafka = EmbeddedKafka.start(0);
    client = Map.of("bootstrap.servers", kafka.bootstrap());
    try (Admin admin = Admin.create(client)) {
      Topics.create(admin, List.of("era5", "sst", "split", "notes"));
      NewTopic careless =
          new NewTopic("etesian.careless", 1, (short) 1)
              .configs(Map.of("message.timestamp.type", "CreateTime"));
      admin.createTopics(List.of(careless)).all().get();
    }
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  private static void send(ProducerRecord<byte[], byte[]> record) throws Exception {
    try (var producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(record).get();
    }
  }

  private static Run consume(String topic, String... more) {
    String[] start = {"consume", topic, "--brokers", kafka.bootstrap(), "--from-beginning"};
    String[] all = new String[start.length + more.length];
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(more, 0, all, start.length, more.length);
    return Run.of(all);
  }

  private static Run deadLetters(String what, String... more) {
    List<String> all = new ArrayList<>(List.of("deadletters", what));
    all.addAll(List.of("--brokers", kafka.bootstrap()));
    all.addAll(List.of(more));
    return Run.of(all.toArray(String[]::new));
  }

  @Test
  void scoresAreSpelledOutForPeopleAndWholeForPrograms() throws Exception {
    byte[] score = "{\"stream\":\"sst\",\"lead\":4,\"rmse\":0.123456}".getBytes(UTF_8);
    send(new ProducerRecord<>(Topics.SCORES, "sst/sst/4".getBytes(UTF_8), score));

    assertThat(consume(Topics.SCORES, "--max", "1").out())
        .contains("sst/sst/4  stream=sst  lead=4  rmse=0.1235");

    JsonNode json =
        new ObjectMapper().readTree(consume(Topics.SCORES, "--max", "1", "--json").out());
    assertThat(json.get("offset").asInt()).isZero();
    assertThat(json.get("value").get("rmse").asDouble()).isEqualTo(0.123456);
  }

  @Test
  void aForecastIsOneLineWithItsLeadsAndMeans() throws Exception {
    Instant issued = Instant.parse("2020-02-01T00:00:00Z");
    float[] six = {280, 280, 280, 280};
    float[] twelve = {281, 281, Float.NaN, 281};
    Forecast forecast =
        new Forecast(
            "era5-t2m",
            new Variable("t2m", "K", "2 metre temperature", ""),
            new Grid(2, 2, 45, 0, 90, 180),
            issued,
            0,
            List.of(
                new Forecast.Step(1, issued.plus(Duration.ofHours(6)), six),
                new Forecast.Step(2, issued.plus(Duration.ofHours(12)), twelve)),
            "m2no",
            "ab".repeat(32),
            List.of(new Origin("cd".repeat(32), "etesian.granules.era5/0@17")));
    send(ForecastEvents.record(Topics.FORECASTS, forecast, "test", issued));

    assertThat(consume(Topics.FORECASTS, "--max", "1").out())
        .startsWith(
            "era5-t2m  t2m  issued 2020-02-01T00:00Z  leads 1 to 2 for 2020-02-01T06:00Z to"
                + " 2020-02-01T12:00Z, mean 280.00 to 281.00 K  m2no abababab");

    JsonNode value =
        new ObjectMapper()
            .readTree(consume(Topics.FORECASTS, "--max", "1", "--json").out())
            .get("value");
    assertThat(value.get("issue_time").asText()).isEqualTo(issued.toString());
    assertThat(value.get("steps").get(1).get("mean").asDouble()).isEqualTo(281);
  }

  @Test
  void deadLettersComeWithTheirReasonAndGoBackAsTheyCame() throws Exception {
    byte[] bytes = "not NetCDF".getBytes(UTF_8);
    ProducerRecord<byte[], byte[]> letter =
        new ProducerRecord<>(Topics.DEAD_LETTERS, "era5/t2m".getBytes(UTF_8), bytes);
    letter.headers().add("ce_id", "its own".getBytes(UTF_8));
    letter.headers().add("ce_source", "file:///data/a.nc".getBytes(UTF_8));
    letter.headers().add("reason", "starts with '\033[2J', expected CDF or HDF".getBytes(UTF_8));
    letter.headers().add("class", "NOT_NETCDF".getBytes(UTF_8));
    letter.headers().add("topic", "etesian.careless".getBytes(UTF_8));
    letter.headers().add("partition", "0".getBytes(UTF_8));
    letter.headers().add("offset", "17".getBytes(UTF_8));
    send(letter);

    Run consume = consume(Topics.DEAD_LETTERS, "--max", "1", "--save", folder.toString());

    assertThat(consume.out())
        .contains(
            "era5/t2m  10 bytes  ce_id=its own  ce_source=file:///data/a.nc  reason=starts with '?[2J'");
    assertThat(Files.readAllBytes(folder.resolve("etesian.deadletters-0-0.bin"))).isEqualTo(bytes);

    assertThat(deadLetters("list").out())
        .isEqualToIgnoringNewLines(
            "0@0  NOT_NETCDF  etesian.careless/0@17  /data/a.nc  starts with '?[2J', expected CDF"
                + " or HDF");
    assertThat(deadLetters("list", "--class", "TRUNCATED").out()).contains("no dead letters");
    assertThat(deadLetters("replay", "0@5").err()).contains("no dead letter fits");
    assertThat(deadLetters("replay", "--dry-run").out()).contains("1 would be sent");
    assertThat(deadLetters("replay", "0@0").out()).contains("0@0 to etesian.careless", "1 sent");

    List<ConsumerRecord<byte[], byte[]>> back = new ArrayList<>();
    Properties properties = new Properties();
    properties.putAll(client);
    TopicReader.each(properties, "etesian.careless", back::add);
    assertThat(back).hasSize(1);
    assertThat(back.get(0).value()).isEqualTo(bytes);
    assertThat(back.get(0).key()).isEqualTo("era5/t2m".getBytes(UTF_8));
    assertThat(back.get(0).headers()).extracting(Header::key).containsExactly("ce_id", "ce_source");

    ProducerRecord<byte[], byte[]> empty =
        new ProducerRecord<>(Topics.DEAD_LETTERS, null, new byte[0]);
    letter.headers().forEach(empty.headers()::add);
    empty.headers().add("omitted", "80000000".getBytes(UTF_8));
    send(empty);
    Run replay = deadLetters("replay");
    assertThat(replay.exitCode()).as("one could not be sent").isEqualTo(1);
    assertThat(replay.out()).contains("0@0 to etesian.careless", "1 sent");
    assertThat(replay.err()).contains("0@1 has no bytes", "lie at etesian.careless/0@17 alone");
    assertThat(deadLetters("list", "--json", "0@1").out()).contains("\"omitted\":80000000");
  }

  @Test
  void publishedFilesAreSeenInTheirTopics() {
    Path world = folder.resolve("world");
    Run.of("sample", world.toString(), "--days", "2");

    Run publish = Run.of("publish", world.toString(), "--brokers", kafka.bootstrap());

    assertThat(publish.err()).isEmpty();
    assertThat(publish.exitCode()).isZero();
    assertThat(publish.out()).contains("3 files published");
    assertThat(consume(Topics.granules("era5"), "--max", "2").out())
        .contains("t2m 32x64, 4 times 2020-01-01T00:00Z to 2020-01-01T18:00Z")
        .contains("t2m 32x64, 4 times 2020-01-02T00:00Z to 2020-01-02T18:00Z");
    assertThat(consume(Topics.granules("sst"), "--max", "1").out()).contains("sst 36x72");
  }

  @Test
  void aFileThatIsNotThereIsSaidOnce() {
    assertThat(Run.of("publish", "absent.nc", "--brokers", kafka.bootstrap()).err())
        .isEqualToIgnoringNewLines(
            "etesian publish: absent.nc: no such file or folder; expected NetCDF files, a folder or"
                + " a pattern");
  }

  @Test
  void publishingSaysWhereItsMetricsAre() throws Exception {
    Path file = Files.writeString(folder.resolve("notes.nc"), "no NetCDF");

    Run publish =
        Run.of(
            "publish",
            file.toString(),
            "--dataset",
            "notes",
            "--metrics-port",
            "0",
            "--brokers",
            kafka.bootstrap());

    assertThat(publish.exitCode()).isZero();
    assertThat(publish.err())
        .containsPattern("metrics on http://127\\.0\\.0\\.1:\\d+/metrics")
        .contains("notes.nc will be a dead letter");
  }

  @Test
  void filesThatGoInPartsAreSentOnceAndStampedByTheBroker() throws Exception {
    Path world = folder.resolve("world");
    Run.of("sample", world.toString(), "--days", "2");
    String[] publish = {
      "publish",
      world + "/**.nc",
      "--split",
      "--dataset",
      "split",
      "--json",
      "--ledger",
      folder.resolve("ledger").toString(),
      "--brokers",
      kafka.bootstrap()
    };

    long before = System.currentTimeMillis();
    JsonNode first = new ObjectMapper().readTree(Run.of(publish).out());
    JsonNode second = new ObjectMapper().readTree(Run.of(publish).out());

    assertThat(first.get("published").asInt()).isEqualTo(3);
    assertThat(first.get("parts").asInt()).isEqualTo(first.get("records").asInt()).isGreaterThan(8);
    assertThat(second.get("published").asInt()).isZero();
    assertThat(second.get("skipped").asInt()).isEqualTo(3);
    Properties reader = new Properties();
    reader.putAll(client);
    List<Long> timestamps = new ArrayList<>();
    TopicReader.each(reader, Topics.granules("split"), r -> timestamps.add(r.timestamp()));
    assertThat(timestamps)
        .hasSize(first.get("parts").asInt())
        .allSatisfy(t -> assertThat(t).isGreaterThanOrEqualTo(before)); // not of the weather
  }

  @Test
  void anUnknownTopicIsAnErrorThatNamesOurs() {
    Run consume = consume("etesian.forcasts", "--max", "1");
    assertThat(consume.exitCode()).isEqualTo(1);
    assertThat(consume.err())
        .contains("there is no topic 'etesian.forcasts'")
        .contains("etesian.forecasts");
  }

  @Test
  void theDoctorSeesTheBrokerAndACarelessTopic() {
    List<Finding> findings = BrokerChecks.all(client, Duration.ofMinutes(10));

    assertThat(findings)
        .filteredOn(f -> f.state() == Finding.State.FAIL)
        .singleElement()
        .satisfies(f -> assertThat(f.check()).isEqualTo("etesian.careless"))
        .satisfies(f -> assertThat(f.remedy()).contains("LogAppendTime"));
    assertThat(findings)
        .filteredOn(f -> f.state() == Finding.State.OK)
        .extracting(Finding::check)
        .contains("brokers", "transaction timeout", Topics.CHAMPIONS, Topics.granules("era5"));
  }

  @Test
  void aTransactionTimeoutBeyondTheBrokersIsAFailure() {
    assertThat(BrokerChecks.all(client, Duration.ofHours(1)))
        .filteredOn(f -> f.check().equals("transaction timeout"))
        .singleElement()
        .satisfies(f -> assertThat(f.state()).isEqualTo(Finding.State.FAIL));
  }

  @Test
  void aBrokerThatDoesNotAnswerIsAFailureWithWhatToDo() {
    String nobody = "127.0.0.1:" + Ports.free();
    assertThat(BrokerChecks.all(Map.of("bootstrap.servers", nobody), Duration.ofMinutes(10)))
        .singleElement()
        .satisfies(f -> assertThat(f.found()).contains("no answer from " + nobody))
        .satisfies(f -> assertThat(f.remedy()).contains("start the broker"));
  }
}
