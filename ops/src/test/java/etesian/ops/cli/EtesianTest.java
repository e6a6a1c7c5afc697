package etesian.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EtesianTest {
  @TempDir private Path folder;

  @Test
  void helpNamesEveryCommandAndEndsWell() {
    Run help = Run.of("--help");
    assertThat(help.exitCode()).isZero();
    assertThat(help.out())
        .contains(Etesian.commandLine().getSubcommands().keySet().toArray(String[]::new));
  }

  @Test
  void everyCommandExplainsItself() {
    for (String name : Etesian.commandLine().getSubcommands().keySet()) {
      CommandLine command = Etesian.commandLine().getSubcommands().get(name);
      assertThat(command.getCommandSpec().usageMessage().description())
          .as("description of " + name)
          .isNotEmpty();
      assertThat(Run.of(name, "--help").exitCode()).as(name + " --help").isZero();
    }
  }

  @Test
  void noHelpHasAPercentSignThatPicocliTakesForAFormat() {
    // It warns on stderr at every help, and leaves %n as it is.
    everyTextOf(Etesian.commandLine())
        .forEach(
            text -> assertThatCode(() -> text.formatted()).as(text).doesNotThrowAnyException());
  }

  private static Stream<String> everyTextOf(CommandLine command) {
    var spec = command.getCommandSpec();
    return Stream.of(
            Stream.of(spec.usageMessage().description()),
            Stream.of(spec.usageMessage().footer()),
            spec.args().stream().flatMap(arg -> Stream.of(arg.description())),
            spec.subcommands().values().stream().flatMap(EtesianTest::everyTextOf))
        .flatMap(texts -> texts);
  }

  @Test
  void whatIsNotUnderstoodIsAnErrorOfItsOwn() {
    assertThat(Run.of().exitCode()).isEqualTo(2);
    assertThat(Run.of("inspct").exitCode()).isEqualTo(2);
    assertThat(Run.of("inspct").err()).contains("inspect"); // did you mean
    assertThat(Run.of("sample", folder.toString(), "--days", "0").exitCode()).isEqualTo(2);
    Run learn = Run.of("learn", "-c", "none.yaml", "--data", "none", "--leads", "12,1");
    assertThat(learn.exitCode()).isEqualTo(2);
    assertThat(learn.err()).contains("--leads ascend from 1 on, got 12, 1");
  }

  @Test
  void whatIsNotUnderstoodIsSaidInTwoLinesWithTheWayToTheHelp() {
    Run publish = Run.of("publish", "x.nc", "--quiet", "3");
    assertThat(publish.exitCode()).isEqualTo(2);
    assertThat(publish.err().lines())
        .containsExactly(
            "etesian publish: Invalid value for option '--quiet': '3' is no duration; write PT10S,"
                + " PT5M or P1D",
            "'etesian publish --help' shows what it takes");
  }

  @Test
  void examplesInAHelpStayOnOneLine() {
    assertThat(Run.of("fetch", "--help").out().lines())
        .anyMatch(line -> line.startsWith("  etesian fetch https://") && line.endsWith(" sst"));
  }

  @Test
  void aFileThatCannotBeHadIsNamedWithTheReason() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThat(Run.of("publish", "x.nc", "--client", "absent.properties").err())
        .isEqualToIgnoringNewLines("etesian publish: absent.properties: no such file or folder");
    assertThat(Run.of("sample", file.toString(), "--days", "1").err())
        .contains(file + ": there is a file of that name");
    assertThat(Run.of("demo", "--report", folder.toString()).err()).contains("name a file in it");
  }

  @Test
  void theReasonThatAFailureGivesIsSaidOnceAndWithoutNamesOfClasses() {
    IOException missing = new NoSuchFileException("a.nc");
    IOException pattern = new NoSuchFileException("*.nc", null, "no file fits this pattern");
    assertThat(Etesian.said(missing)).isEqualTo("a.nc: no such file or folder");
    assertThat(Etesian.said(new UncheckedIOException(missing)))
        .isEqualTo("a.nc: no such file or folder");
    assertThat(Etesian.said(new UncheckedIOException("cannot read a.nc", missing)))
        .isEqualTo("cannot read a.nc: no such file or folder");
    assertThat(Etesian.said(pattern)).isEqualTo("*.nc: no file fits this pattern");
    assertThat(Etesian.said(new UncheckedIOException("cannot read", pattern)))
        .isEqualTo("cannot read: no file fits this pattern");
  }

  @Test
  void sampleFilesCanBeInspected() throws Exception {
    Path world = folder.resolve("world");
    assertThat(Run.of("sample", world.toString(), "--days", "8").exitCode()).isZero();
    List<String> files;
    try (Stream<Path> all = Files.list(world)) {
      files = all.map(Path::toString).sorted().toList();
    }
    assertThat(files).hasSize(8 + 2); // a day a file of the atmosphere, two weeks of the sea

    Run inspect = Run.of("inspect", "--json", files.get(0));

    assertThat(inspect.exitCode()).isZero();
    JsonNode report = new ObjectMapper().readTree(inspect.out());
    JsonNode t2m = report.get("variables").get(0);
    assertThat(t2m.get("name").asText()).isEqualTo("t2m");
    assertThat(t2m.get("stored").asText()).isEqualTo("int16");
    assertThat(t2m.get("grid").get("rows").asInt()).isEqualTo(32);
    assertThat(t2m.get("times").get("count").asInt()).isEqualTo(4);
    assertThat(t2m.get("left_out").isNull()).isTrue();
  }

  @Test
  void aFileThatCannotBeReadIsNamedAndTheOthersAreShown() throws Exception {
    Run.of("sample", folder.toString(), "--days", "1");
    Path text = Files.writeString(folder.resolve("a.nc"), "not NetCDF");
    Path good = folder.resolve("simulated_era5_20200101T0000.nc");

    Run inspect = Run.of("inspect", text.toString(), "absent.nc", good.toString());

    assertThat(inspect.exitCode()).isEqualTo(1);
    assertThat(inspect.out()).contains("t2m [K]");
    assertThat(inspect.err()).contains("a.nc").contains("absent.nc");
  }

  @Test
  void theDoctorFindsThisMachineFit() throws Exception {
    Run doctor = Run.of("doctor", "--json");
    JsonNode findings = new ObjectMapper().readTree(doctor.out());
    for (JsonNode finding : findings) {
      assertThat(finding.get("state").asText()).as(finding.toString()).isNotEqualTo("fail");
    }
    assertThat(doctor.exitCode()).isZero();
  }

  @Test
  void weightsThatCannotBeReadAreAFindingBesideTheOthers() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    Path settings =
        Files.writeString(
            folder.resolve("etesian.yaml"),
            """
            job: test
            weights: %s
            state: state
            kafka: {brokers: embedded}
            streams:
              - {name: sst, dataset: sst, variable: sst, units: K, step: P1M, history: 24,
                 horizon: 12, model: smnn}
            """
                .formatted(file));

    Run doctor = Run.of("doctor", "-c", settings.toString());

    assertThat(doctor.exitCode()).isEqualTo(1);
    assertThat(doctor.out())
        .contains("cannot read the folder " + file, "correct 'weights' in " + settings, "Java");
  }

  @Test
  void eachProblemOfTheSettingsHasALineOfItsOwn() throws Exception {
    Path settings = Files.writeString(folder.resolve("etesian.yaml"), "jib: x\nstaet: y\n");
    Run run = Run.of("run", "-c", settings.toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().lines().map(line -> line.substring(0, 4)))
        .startsWith("etes", "  - ", "  - ");
  }

  @Test
  void notANumberIsNullInJson() {
    record Values(double a, Float b, Double c) {}
    assertThat(Json.line(new Values(Double.NaN, Float.POSITIVE_INFINITY, 1.5)))
        .isEqualTo("{\"a\":null,\"b\":null,\"c\":1.5}");
  }
}
