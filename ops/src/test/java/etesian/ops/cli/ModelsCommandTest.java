package etesian.ops.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import etesian.ingest.field.Forecast;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Origin;
import etesian.ingest.field.Variable;
import etesian.ingest.kafka.Topics;
import etesian.ingest.wire.ForecastEvents;
import etesian.ingest.wire.Sha256;
import etesian.operators.SafeTensors;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.ops.embedded.Ports;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.learn.ModelEvent;
import etesian.pipeline.storage.Folder;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** Who serves, who is to, and what is told of it. */
class ModelsCommandTest extends ModelsFixture {
  private static byte[] broken() {
    Weights weights = SafeTensors.read(sea);
    Map<String, Tensor> tensors = new LinkedHashMap<>(weights.tensors());
    float[] deviation = new float[36 * 72];
    Arrays.fill(deviation, Float.NaN);
    tensors.put("climatology.deviation", new Tensor(deviation, deviation.length));
    return SafeTensors.write(new Weights(weights.metadata(), tensors));
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
}
