package etesian.pipeline.settings;

import static etesian.pipeline.settings.SeaSettings.SST;
import static etesian.pipeline.settings.SeaSettings.parse;
import static etesian.pipeline.settings.SeaSettings.problems;
import static etesian.pipeline.settings.SeaSettings.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import etesian.ingest.field.Grid;
import etesian.ingest.field.Regrid;
import etesian.ingest.field.TimeStep;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file may say of a stream. */
class StreamSettingsTest {
  private static final String WINDS =
      SST.replace("smnn", "m2no")
          .replaceFirst(
              "variable: sst\n    units: degC",
              "variables: [{name: u10, units: m s**-1}, {name: v10, units: m s**-1}]");

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
}
