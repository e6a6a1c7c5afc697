package etesian.pipeline.settings;

import static etesian.pipeline.settings.SeaSettings.SST;
import static etesian.pipeline.settings.SeaSettings.parse;
import static etesian.pipeline.settings.SeaSettings.problems;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import etesian.ingest.field.Grid;
import etesian.pipeline.storage.Folder;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file may say of the job, and of what is missing or of another kind. */
class PipelineSettingsTest {
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
                    .anySatisfy(
                        p -> assertThat(p).contains("'gpt'").contains("m2no, fno").contains("smnn"))
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
  void aTransactionOutlivesACheckpointAndARecovery() {
    assertThat(parse(SST).checkpointTimeout()).isEqualTo(Duration.ofMinutes(5));
    assertThat(problems("kafka: {transaction_timeout: PT7M9S}\n" + SST))
        .containsExactly(
            "kafka.transaction_timeout: PT7M9S must be at least PT7M10S: checkpoint_timeout (PT5M),"
                + " checkpoint_interval (PT10S) and PT2M for a recovery; a transaction that the"
                + " brokers end before is lost");
    assertThat(problems("checkpoint_interval: PT5M\n" + SST)) // no section kafka
        .singleElement(STRING)
        .startsWith("kafka.transaction_timeout: PT10M must be at least PT12M");
    parse("checkpoint_timeout: PT1M\nkafka: {transaction_timeout: PT3M10S}\n" + SST);
  }

  @Test
  void aFileThatIsReadByReferenceIsThereBeforeACheckpointFails() {
    String references = "granules: {references: {roots: [file:///data/], timeout: PT1M}}\n";
    assertThat(problems("checkpoint_timeout: PT1M\n" + references + SST))
        .singleElement(STRING)
        .startsWith("granules.references.timeout: PT1M must be below checkpoint_timeout (PT1M)");
    parse(references + SST);
  }

  @Test
  void deterministicWinsOverBatchAndThreads() {
    DeviceSettings device =
        parse("deterministic: true\ndevice: {max_batch: 8, threads: 4}\n" + SST).device();
    assertThat(device.deterministic()).isTrue();
    assertThat(device.maxBatch()).isEqualTo(1);
    assertThat(device.threads()).isEqualTo(1);
    DeviceSettings fast = parse("device: {max_batch: 8}\n" + SST).device();
    assertThat(fast.maxBatch()).isEqualTo(8);
    assertThat(fast.threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(problems("deterministic: perhaps\n" + SST))
        .containsExactly("deterministic: 'perhaps' is not one of true, false");
  }

  @Test
  void whatActiveForecastsMayCarryIsASetting() {
    assertThat(parse(SST).device().activeBytes()).isEqualTo(512L << 20);
    assertThat(parse("device: {active_mebibytes: 2}\n" + SST).device().activeBytes())
        .isEqualTo(2L << 20);
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
  @ValueSource(strings = {"", "streams:", "streams: sst", "streams: []", "streams: {name: sst}"})
  void streamsAreAList(String yaml) {
    assertThat(problems(yaml))
        .containsExactly("streams: expected a list, '- name: ...', of at least one");
  }

  @Test
  void modelCalendarsAreAllowedByDataset() {
    assertThat(parse(SST).granules().modelCalendars()).isEmpty();
    assertThat(parse("granules: {model_calendars: [cmip]}\n" + SST).granules().modelCalendars())
        .containsExactly("cmip");
  }

  @Test
  void referencesAreAllowedByFolder() {
    assertThat(parse(SST).granules().references()).isEqualTo(ReferenceSettings.NONE);
    ReferenceSettings references =
        parse(
                """
                granules:
                  references:
                    roots: [file:///data/era5, 'https://files.example/']
                    max_bytes: 1000
                    timeout: PT5S
                """
                    + SST)
            .granules()
            .references();
    assertThat(references)
        .isEqualTo(
            new ReferenceSettings(
                List.of(URI.create("file:///data/era5/"), URI.create("https://files.example/")),
                1000,
                Duration.ofSeconds(5)));
  }

  @Test
  void wrongReferencesAreReportedTogether() {
    assertThat(
            problems(
                """
                granules:
                  references:
                    roots: [/data, file:///data/, {s3: bucket}]
                    max_bytes: 2000000000
                    timeout: PT0S
                    root: x
                """
                    + SST))
        .satisfiesExactlyInAnyOrder(
            p -> assertThat(p).startsWith("granules.references.roots[0]: '/data' is not the URI"),
            p -> assertThat(p).startsWith("granules.references.roots[2]: expected one value"),
            p -> assertThat(p).startsWith("granules.references.max_bytes: the reader takes"),
            p -> assertThat(p).startsWith("granules.references.timeout: must be positive"),
            p ->
                assertThat(p)
                    .isEqualTo("granules.references.root: unknown; did you mean 'roots'?"));
    assertThat(problems("granules: {references: {roots: 'file:///data/'}}\n" + SST))
        .singleElement()
        .asString()
        .startsWith("granules.references.roots: expected a list");
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
    parse("verify_state_mebibytes: 4\n" + SST);
    assertThat(problems("verify_state_mebibytes: 3\n" + SST))
        .containsExactly(
            "verify_state_mebibytes: verification would hold 3.6 MiB of state, the budget is 3 MiB:"
                + " sst: 969 cells * (16 B * 78 waiting steps + 16 B * 144 scored steps + 4 B * 12"
                + " observations + 16 B * 12 leads + 4 B * 12 anomalies + 8 B * 9 features) = 3.6"
                + " MiB; take fewer verify_leads, a larger issue_every, a shorter retention or"
                + " verify_coarsen, or raise verify_state_mebibytes when the heap, or the disk with"
                + " state_backend: rocksdb, can hold it");
    parse("verify_state_mebibytes: 2\n" + SST + "    retention: 0\n");
  }

  @Test
  void windowsBeyondTheirBudgetAreRefused() {
    String patient = SST + "    retention: P1000Y\n    verify_leads: []\n";
    assertThat(problems("window_state_mebibytes: 44\n" + patient))
        .singleElement(STRING)
        .startsWith("window_state_mebibytes: windows would hold 44.5 MiB")
        .contains("969 cells * 4 B * (history 36 + retention 12000 + 0 held)");
    parse("window_state_mebibytes: 45\n" + patient);
  }

  @Test
  void howFarAheadOfTheClockAFieldMayBeIsADayUnlessItIsSaid() {
    Instant now = Instant.parse("2020-01-01T00:00:00Z");
    assertThat(parse(SST).granules().latest("sst", now)).isEqualTo("2020-01-02T00:00:00Z");
    String other = "granules: {max_ahead: P366D, model_calendars: [cmip]}\n" + SST;
    assertThat(parse(other).granules().latest("sst", now)).isEqualTo("2021-01-01T00:00:00Z");
    assertThat(parse(other).granules().latest("cmip", now)).isAfter("+100000-01-01T00:00:00Z");
    assertThat(problems("granules: {max_ahead: -PT1S}\n" + SST))
        .containsExactly("granules.max_ahead: must be from PT0S to PT8766000000H, got -PT1S");
  }

  private static String without(String line) {
    return SST.replaceFirst("(- )?" + line + "\\n +", "$1");
  }

  @Test
  void weightsAndStateAreAPathOrAnythingThatFlinkKnows() {
    PipelineSettings here = parse(SST);
    assertThat(here.weights()).isEqualTo(Folder.of(Path.of("weights")));
    assertThat(here.state()).isEqualTo(Folder.of(Path.of("state")));
    PipelineSettings there =
        parse("weights: objects://bucket/weights\nstate: file:///data/state\n" + SST);
    assertThat(there.weights()).hasToString("objects://bucket/weights");
    assertThat(there.state()).hasToString("/data/state");
    assertThat(problems("weights: gopher://hole\nstate: objects://me:hush@bucket/state\n" + SST))
        .hasSize(2)
        .noneMatch(problem -> problem.contains("hush"))
        .anySatisfy(problem -> assertThat(problem).startsWith("weights: 'gopher://hole' is on no"))
        .anySatisfy(problem -> assertThat(problem).startsWith("state: a location with a password"));
  }
}
