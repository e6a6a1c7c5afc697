package etesian.pipeline.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import etesian.ingest.field.Grid;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PipelineSettingsTest {
  private static final String SST =
      """
      streams:
        - name: sst
          dataset: sst
          variable: sst
          units: degC
          step: P1M
          history: 36
          horizon: 12
          model: smnn
          grid: {rows: 19, columns: 51, north: 60, west: 120, row_step: 2, column_step: 2}
      """;

  @Test
  void aStreamIsReadWithItsDefaults() {
    PipelineSettings settings = parse(SST);
    assertThat(settings.kafka().embedded()).isTrue();
    assertThat(settings.checkpointInterval()).isEqualTo(Duration.ofSeconds(10));
    StreamSettings sst = settings.streams().get(0);
    assertThat(sst.grid()).isEqualTo(new Grid(19, 51, 60, 120, 2, 2));
    assertThat(sst.verifyLeads()).hasSize(12);
    assertThat(sst.issueEvery()).isEqualTo(1);
  }

  @Test
  void allProblemsAreReportedAtOnce() {
    String broken =
        SST.replace("horizon: 12", "horizont: 12")
            .replace("step: P1M", "step: monthly")
            .replace("smnn", "gpt");
    assertThatThrownBy(() -> parse(broken))
        .isInstanceOfSatisfying(
            SettingsException.class,
            e ->
                assertThat(e.problems())
                    .anySatisfy(
                        p -> assertThat(p).contains("horizont").contains("did you mean 'horizon'?"))
                    .anySatisfy(p -> assertThat(p).contains("'monthly'").contains("P1M"))
                    .anySatisfy(p -> assertThat(p).contains("'gpt'").contains("m2no, smnn"))
                    .anySatisfy(p -> assertThat(p).contains("horizon: missing")));
  }

  @Test
  void secretsComeFromTheEnvironmentAndAreNeverPrinted() {
    String secured =
        """
        kafka:
          brokers: broker:9093
          properties:
            security.protocol: SASL_SSL
            sasl.jaas.config: ${env:JAAS}
        """
            + SST;
    KafkaSettings kafka =
        PipelineSettings.parse(secured, Map.of("JAAS", "password=secret")::get).kafka();
    assertThat(kafka.client()).containsEntry("sasl.jaas.config", "password=secret");
    assertThat(kafka.toString()).contains("sasl.jaas.config").doesNotContain("secret");
    assertThatThrownBy(() -> parse(secured)).hasMessageContaining("JAAS is not set");
  }

  @Test
  void aTransactionOutlivesACheckpoint() {
    assertThat(parse(SST).checkpointTimeout()).isEqualTo(Duration.ofMinutes(5));
    assertThat(problems("kafka: {transaction_timeout: PT5M10S}\n" + SST))
        .containsExactly(
            "kafka.transaction_timeout: PT5M10S must exceed checkpoint_timeout (PT5M) and"
                + " checkpoint_interval (PT10S) together");
    assertThat(problems("checkpoint_interval: PT5M\n" + SST)) // no section kafka
        .singleElement(STRING)
        .startsWith("kafka.transaction_timeout: PT10M must exceed");
    parse("checkpoint_timeout: PT1M\nkafka: {transaction_timeout: PT2M}\n" + SST);
  }

  @Test
  void aMissingKeyIsOneProblem() {
    assertThat(problems(without("horizon: 12"))).containsExactly("streams[0].horizon: missing");
    assertThat(problems(without("step: P1M"))).containsExactly("streams[0].step: missing");
    assertThat(problems(without("dataset: sst"))).containsExactly("streams[0].dataset: missing");
    assertThat(problems(without("name: sst"))).containsExactly("streams[0].name: missing");
  }

  @Test
  void whatCannotWorkIsRefusedAllAtOnce() {
    String broken =
        """
        job: My Job
        checkpoint_interval: PT0S
        checkpoint_timeout: -PT1S
        verify_state_mebibytes: 0
        device: {waiting_mebibytes: 0, max_active: -1, max_batch: x, threads: 0}
        """
            + SST.replace("dataset: sst", "dataset: era5/land")
                .replace("history: 36", "history: 1\n    lateness: -PT1H")
                .replace("horizon: 12", "horizon: 12\n    verify_leads: 3");
    assertThat(problems(broken))
        .containsExactlyInAnyOrder(
            "job: 'My Job': lower-case letters, digits and hyphens only, as it becomes part of ids",
            "checkpoint_interval: must be at least PT0.01S, got PT0S",
            "checkpoint_timeout: must be at least PT0.01S, got PT-1S",
            "verify_state_mebibytes: must be positive, got 0",
            "device.waiting_mebibytes: must be positive, got 0",
            "device.max_active: must be positive, got -1",
            "device.max_batch: 'x' is not a number",
            "device.threads: must be positive, got 0",
            "streams[0].dataset: 'era5/land': letters, digits, dots, underscores and hyphens only,"
                + " as it names a topic",
            "streams[0].history: smnn starts from at least 2 fields, got 1",
            "streams[0].lateness: must not be negative, got -PT1H",
            "streams[0].verify_leads: expected a list of whole numbers, [1, 2], got 3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0.5S", "PT0.0001S", "PT1.0001S", "PT0S", "-P1D", "P999999999Y"})
  void aStepThatMillisecondsCannotCountIsRefused(String step) {
    assertThat(problems(SST.replace("P1M", step)))
        .singleElement(STRING)
        .startsWith("streams[0].step: ");
  }

  @Test
  void leadsBeyondTheHorizonAreRefused() {
    assertThat(problems(SST + "    verify_leads: [0, 13]\n"))
        .containsExactly("streams[0].verify_leads: [0, 13]: leads are 1 to the horizon, 12");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "streams:", "streams: sst", "streams: []", "streams: {name: sst}"})
  void streamsAreAList(String yaml) {
    assertThat(problems(yaml))
        .containsExactly("streams: expected a list, '- name: ...', of at least one");
  }

  @Test
  void aSectionIsAMapping() {
    String broken = "kafka: broker:9092\ndevice: [1]\nstreams: [sst, 3]\n";
    assertThat(problems(broken))
        .containsExactlyInAnyOrder(
            "kafka: expected a section, 'key: value', got STRING",
            "device: expected a section, 'key: value', got ARRAY",
            "streams[0]: expected a section, 'key: value', got STRING",
            "streams[1]: expected a section, 'key: value', got NUMBER");
    assertThat(problems("just words")).anyMatch(p -> p.startsWith("the file: expected a section"));
    assertThat(problems("kafka: {properties: {security: {protocol: SSL}}}\n" + SST))
        .containsExactly("kafka.properties.security: expected one value");
    assertThat(problems("kafka: {properties: SSL}\n" + SST))
        .containsExactly("kafka.properties: expected a section, 'key: value', got STRING");
    parse("kafka:\ndevice:\n" + SST); // empty sections have their defaults
  }

  @Test
  void aVerificationBeyondItsBudgetIsRefusedWithTheArithmetic() {
    parse("verify_state_mebibytes: 2\n" + SST);
    assertThat(problems("verify_state_mebibytes: 1\n" + SST))
        .containsExactly(
            "verify_state_mebibytes: verification would hold 1.4 MiB of state, the budget is 1 MiB:"
                + " sst: 969 cells * (16 B * 78 waiting steps + 16 B * 12 leads + 4 B * 12"
                + " anomalies + 8 B * 9 features) = 1.4 MiB; take fewer verify_leads or a larger"
                + " issue_every, or raise verify_state_mebibytes when the heap can hold it");
  }

  private static String without(String line) {
    return SST.replaceFirst("(- )?" + line + "\\n +", "$1");
  }

  private static List<String> problems(String yaml) {
    try {
      parse(yaml);
      return List.of();
    } catch (SettingsException e) {
      return e.problems();
    }
  }

  private static PipelineSettings parse(String yaml) {
    return PipelineSettings.parse(yaml, name -> null);
  }
}
