package etesian.pipeline.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import etesian.ingest.field.Grid;
import etesian.ingest.field.Regrid;
import etesian.ingest.field.TimeStep;
import etesian.pipeline.storage.Folder;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
  void aStreamMayHaveAGridOfItsOwn() {
    String coarse =
        SST.replace(
            "grid: {rows: 19, columns: 51, north: 60, west: 120, row_step: 2, column_step: 2}",
            "regrid: {rows: 9, columns: 20, north: 80, west: 0, row_step: 20, column_step: 18,"
                + " method: bilinear}");
    StreamSettings sst = parse(coarse).streams().get(0);
    assertThat(sst.grid()).isEqualTo(new Grid(9, 20, 80, 0, 20, 18));
    assertThat(sst.regrid()).isEqualTo(new Regridding(sst.grid(), Regrid.Method.BILINEAR));
    assertThat(parse(SST).streams().get(0).regrid()).isNull();
    assertThat(problems(coarse.replace("bilinear", "cubic").replace("north: 80", "north: 100")))
        .containsExactlyInAnyOrder(
            "streams[0].regrid.method: 'cubic' is not one of conservative, bilinear",
            "streams[0].regrid.north: is a latitude, -90 to 90, got 100.0");
    assertThat(problems(SST.replace("    grid: {", "    regrid: {rows: 1}\n    grid: {")))
        .contains(
            "streams[0].grid: fields are carried to the grid of 'regrid' from any other:"
                + " leave 'grid' out",
            "streams[0].regrid.columns: missing");
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
  void theSizeOfANetworkIsOpenUnlessItIsSaid() {
    String fno = SST.replace("smnn", "fno");
    assertThat(parse(fno).streams().get(0).network()).isEqualTo(NetworkSettings.DEFAULT);
    String sized = "tfno\n    network: {width: 24, layers: 3, modes: [9, 12], rank: 0.2}";
    assertThat(parse(SST.replace("smnn", sized)).streams().get(0).network())
        .isEqualTo(new NetworkSettings(24, 3, List.of(9, 12), 0.2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "smnn | width: 9 | .network: smnn is a mechanism, not a network: leave 'network' out",
        "m2no | width: 10 | .network: the width of m2no is a multiple of 9, got 10",
        "m2no | modes: [4, 4] | .network: m2no has levels instead of modes and rank",
        "fno | rank: 0.1 | .network: only tfno has a rank, not fno",
        "tfno | rank: 2 | .network.rank: '2' is not from 0.001 to 1.0",
        "fno | width: 0 | .network.width: '0' is not from 1 to 4096",
        "fno | modes: [20, 12] | .network: modes [20, 12]: expected one number for each axis",
        "nsm | modes: [12] | .network: modes [12]: expected one number for each axis",
        "fno | modes: [1, 12] | .network.modes: are at least 2 each, got [1, 12]",
        "uno | layers: 2 | .network: uno has at least 3 layers, got 2",
        "sfno | width: 16 | .network: sfno needs the whole globe",
        "fno | depth: 3 | .network.depth: unknown"
      })
  void whatANetworkCannotBeIsSaid(String model, String network, String problem) {
    assertThat(problems(SST.replace("smnn", model + "\n    network: {" + network + "}")))
        .singleElement(STRING)
        .startsWith("streams[0]" + problem);
  }

  @Test
  void sfnoOnARegionIsRefusedAtStart() {
    assertThat(problems(SST.replace("smnn", "sfno")))
        .singleElement(STRING)
        .startsWith("streams[0].model: sfno needs the whole globe")
        .endsWith("take fno, or regrid");
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

  private static final String WINDS =
      SST.replace("smnn", "m2no")
          .replaceFirst(
              "variable: sst\n    units: degC",
              "variables: [{name: u10, units: m s**-1}, {name: v10, units: m s**-1}]");

  @Test
  void aStreamHasOneVariableOrAListOfThem() {
    assertThat(parse(SST).streams().get(0).variables())
        .containsExactly(new StreamVariable("sst", "degC"));
    assertThat(parse(WINDS).streams().get(0).variables())
        .containsExactly(
            new StreamVariable("u10", "m s**-1"), new StreamVariable("v10", "m s**-1"));
  }

  @Test
  void whatIsWrongWithVariablesIsSaidTogether() {
    assertThat(problems(SST.replace("units: degC", "units: degC\n    variables: [{name: t2m}]")))
        .containsExactlyInAnyOrder(
            "streams[0].variable: each of 'variables' has its own: leave this one out",
            "streams[0].units: each of 'variables' has its own: leave this one out",
            "streams[0].variables[0].units: missing");
    assertThat(problems(WINDS.replace("v10", "u10").replace("m2no", "smnn")))
        .containsExactlyInAnyOrder(
            "streams[0].variables[1].name: 'u10' is there already",
            "streams[0].variables: smnn forecasts one variable: give each a stream of its own, got"
                + " [u10 [m s**-1], u10 [m s**-1]]");
    assertThat(problems(WINDS.replace("name: v10", "nam: 'u,v'")))
        .containsExactlyInAnyOrder(
            "streams[0].variables[1].name: missing",
            "streams[0].variables[1].nam: unknown; did you mean 'name'?");
    assertThat(problems(WINDS.replace("name: v10", "name: 'u,v'")))
        .containsExactly(
            "streams[0].variables[1].name: 'u,v': without commas, as it becomes part of a list");
    assertThat(problems(SST.replace("variable: sst", "variables: sst").replace("units: degC", "")))
        .containsExactly("streams[0].variables: expected a list, '- name: ...', of at least one");
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
  void aStreamWaitsForGapsAndKeepsAHorizonUnlessItSaysOtherwise() {
    StreamSettings sst = parse(SST).streams().get(0);
    assertThat(sst.gaps()).isEqualTo(GapPolicy.WAIT);
    assertThat(sst.retention()).isEqualTo(12);
    assertThat(sst.fieldsKept()).as("history and horizon").isEqualTo(48);
    assertThat(stream("gaps: skip").gaps()).isEqualTo(GapPolicy.SKIP);
    assertThat(stream("gaps: hold").gaps()).isEqualTo(new GapPolicy.Hold(1));
    assertThat(stream("gaps: hold\n    max_gap: 3").gaps()).isEqualTo(new GapPolicy.Hold(3));
    assertThat(problems(SST + "    gaps: ignore\n    max_gap: 0\n"))
        .containsExactlyInAnyOrder(
            "streams[0].gaps: 'ignore' is not one of wait, hold, skip",
            "streams[0].max_gap: must be positive, got 0");
  }

  @Test
  void aRetentionIsSteppedOrTimed() {
    assertThat(stream("retention: 0").retention()).isZero();
    assertThat(stream("retention: 5").retention()).isEqualTo(5);
    assertThat(stream("retention: P2Y").retention()).isEqualTo(24);
    assertThat(stream("retention: P57D").retention()).as("months of 28 days").isEqualTo(3);
    assertThat(Retention.steps("P3M", TimeStep.parse("PT6H"))).as("of 31 days").isEqualTo(372);
    assertThat(Retention.steps("PT7H", TimeStep.parse("PT6H"))).isEqualTo(2);
    assertThat(problems(SST + "    retention: -1\n"))
        .containsExactly("streams[0].retention: must not be negative, got -1");
    assertThat(problems(SST + "    retention: weeks\n"))
        .containsExactly("streams[0].retention: 'weeks' is not a number");
  }

  @Test
  void aStreamIsOfOneRunUnlessItAsksForAnEnsemble() {
    assertThat(stream("").ensemble()).isNull();
    assertThat(stream("ensemble: {members: 9}").ensemble())
        .isEqualTo(new EnsembleSettings(9, 0.1, 3, 500, true, 0, List.of(0.1, 0.5, 0.9), false, 0));
    String all =
        "ensemble: {members: 9, amplitude: 0.2, exponent: 1.7, length_kilometres: 900,"
            + " pairs: false, quantiles: [0.05], emit_members: true, seed: -3}";
    assertThat(stream(all).ensemble())
        .isEqualTo(new EnsembleSettings(9, 0.2, 1.7, 900, false, 0, List.of(0.05), true, -3));
    assertThat(stream("ensemble: {members: 3, quantiles: []}").ensemble().quantiles()).isEmpty();
  }

  @Test
  void whatIsWrongWithAnEnsembleIsSaidTogether() {
    assertThat(
            problems(
                SST
                    + "    ensemble: {members: 2, lagged: 2, amplitude: 9, exponent: 1,"
                    + " length_kilometres: 0, quantiles: [0.9, 0.1]}\n"))
        .containsExactlyInAnyOrder(
            "streams[0].ensemble.amplitude: '9' is not from 0.0 to 3.0",
            "streams[0].ensemble.exponent: '1' is not from 1.1 to 10.0",
            "streams[0].ensemble.length_kilometres: '0' is not from 1.0 to 40000.0",
            "streams[0].ensemble.lagged: 2 of 2 members cannot begin earlier: one is the"
                + " unperturbed one",
            "streams[0].ensemble.lagged: smnn gives all leads at once and cannot run up to the"
                + " issue time first: leave 'lagged' out",
            "streams[0].ensemble.quantiles: are probabilities from 0 to 1, ascending, got"
                + " [0.9, 0.1]");
    assertThat(problems(SST + "    ensemble: {members: 1}\n"))
        .containsExactly(
            "streams[0].ensemble.members: an ensemble has at least 2; leave 'ensemble' out for one"
                + " run");
    assertThat(problems(SST + "    ensemble: {amplitude: 0.1}\n"))
        .containsExactly("streams[0].ensemble.members: missing");
  }

  @Test
  void anEnsembleThatNoRecordTakesIsRefusedWithTheArithmetic() {
    String fine = SST.replace("rows: 19, columns: 51", "rows: 721, columns: 1440");
    assertThat(problems(fine + "    ensemble: {members: 20, emit_members: true}\n"))
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .startsWith("streams[0].ensemble: a lead has 25 fields (mean, spread,")
                    .contains("of 1038240 cells, 103824000 bytes, and a record takes 32505856"));
  }

  @Test
  void aGridThatNoRecordTakesIsRefusedWithTheArithmetic() {
    String fine = SST.replace("rows: 19, columns: 51", "rows: 3601, columns: 7200");
    assertThat(problems(fine))
        .contains(
            "streams[0].grid: a lead has 25927200 cells, 103708800 bytes, and a record takes"
                + " 32505856; forecast a part of the grid, or a coarser one by 'regrid'");
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

  private static StreamSettings stream(String keys) {
    return parse(SST + "    " + keys + "\n").streams().get(0);
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
