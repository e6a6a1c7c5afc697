package etesian.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Origin;
import etesian.ingest.field.TimeStep;
import etesian.ingest.field.Variable;
import etesian.pipeline.settings.StreamSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
  private static final Grid SMALL = new Grid(2, 2, 1, 0, 1, 1);
  private static final Grid LARGE = new Grid(4, 4, 3, 0, 1, 1);
  private static final StreamSettings STREAM =
      new StreamSettings(
          "t",
          "era5",
          "t2m",
          "K",
          null,
          TimeStep.parse("PT1H"),
          2,
          3,
          1,
          Instant.EPOCH,
          StreamSettings.FROM_THE_FIRST,
          Duration.ZERO,
          "m2no",
          List.of(1));

  private final List<String> said = new ArrayList<>();

  @Test
  void aGridThatIsLeftOpenIsTheOnlyOneOfItsVariable() {
    List<Field> fields = List.of(field("t2m", SMALL), field("t2m", SMALL), field("u10", LARGE));
    assertThat(TrainCommand.withGrid(STREAM, fields, said::add).grid()).isEqualTo(SMALL);
    assertThat(said).singleElement().asString().contains(SMALL.toString());
  }

  @Test
  void aGridThatIsSetStays() {
    StreamSettings set = STREAM.withGrid(LARGE);
    List<Field> fields = List.of(field("t2m", SMALL), field("t2m", LARGE));
    assertThat(TrainCommand.withGrid(set, fields, said::add)).isSameAs(set);
    assertThat(said).isEmpty();
  }

  @Test
  void aGridThatNoFieldIsOnIsSaidSoWithWhatThereIs() {
    StreamSettings set = STREAM.withGrid(LARGE);
    assertThatThrownBy(() -> TrainCommand.withGrid(set, List.of(field("t2m", SMALL)), said::add))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("no field of t2m [K] on " + LARGE, "t2m [K] on " + SMALL);
  }

  @Test
  void severalGridsAreListed() {
    List<Field> fields = List.of(field("t2m", SMALL), field("t2m", LARGE));
    assertThatThrownBy(() -> TrainCommand.withGrid(STREAM, fields, said::add))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("2 grids", SMALL.toString(), LARGE.toString());
  }

  @Test
  void noFieldOfTheVariableIsSaidSo() {
    assertThatThrownBy(() -> TrainCommand.withGrid(STREAM, List.of(field("u10", SMALL)), said::add))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("no field of t2m [K]", "u10 [K]");
  }

  @Test
  void whatCannotEndWellIsSaidBeforeAnythingIsRead(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    Path settings =
        Files.writeString(
            folder.resolve("etesian.yaml"),
            """
            weights: %s
            streams:
              - {name: sst, dataset: sst, variable: sst, units: K, step: P1M, history: 24,
                 horizon: 12, model: smnn}
            """
                .formatted(file));
    Run stranger = train(settings, "--stream", "tos");
    assertThat(stranger.exitCode()).isEqualTo(2);
    assertThat(stranger.err()).contains("no 'tos' in " + settings + "; there are sst");
    Run noFolder = train(settings);
    assertThat(noFolder.exitCode()).isEqualTo(1);
    assertThat(noFolder.err()).contains("cannot keep weights in " + file);
  }

  private static Run train(Path settings, String... more) {
    return Run.of(
        Stream.concat(
                Stream.of("train", "-c", settings.toString(), "--data", "absent.nc"),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private static Field field(String variable, Grid grid) {
    return new Field(
        new Frame(new Variable(variable, "K", "", ""), grid, Instant.EPOCH),
        1,
        new Origin("", ""),
        new float[grid.cells()]);
  }
}
