package etesian.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Origin;
import etesian.ingest.field.Variable;
import etesian.pipeline.settings.PipelineSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.StreamVariable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsDraftTest {
  @TempDir private Path folder;

  @Test
  void theDraftIsReadAsSettingsWithAStreamForEachSeries() throws Exception {
    Run.of("sample", folder.toString(), "--days", "16", "--dataset", "era5");
    Run inspect = Run.of(arguments());

    assertThat(inspect.exitCode()).isZero();
    Path yaml = Files.writeString(folder.resolve("etesian.yaml"), inspect.out());
    PipelineSettings settings = PipelineSettings.read(yaml);
    assertThat(settings.kafka().embedded()).isTrue();
    assertThat(settings.streams())
        .extracting(StreamSettings::name)
        .containsExactlyInAnyOrder("t2m", "u10", "v10");
    assertThat(settings.streams())
        .allSatisfy(
            stream -> {
              assertThat(stream.grid()).isEqualTo(new Grid(32, 64, 87.1875, 0, 5.625, 5.625));
              assertThat(stream.step()).hasToString("PT6H");
              assertThat(stream.anchor()).isEqualTo("2020-01-01T00:00:00Z");
              assertThat(stream.issueFrom()).isEqualTo("2020-01-12T00:00:00Z"); // 44 of 64 times
            });
    assertThat(settings.streams())
        .flatExtracting(StreamSettings::variables)
        .contains(new StreamVariable("u10", "m s**-1"));
  }

  @Test
  void tooLittleForAStreamIsSaidWithWhatThereIs() throws Exception {
    Run.of("sample", folder.toString(), "--days", "1", "--dataset", "era5");
    Run inspect = Run.of(arguments());
    assertThat(inspect.exitCode()).isEqualTo(1);
    assertThat(inspect.out()).isEmpty();
    assertThat(inspect.err()).contains("t2m on ", "4 times: no stream", "no regular series");
  }

  @Test
  void whateverNamesFilesHoldTheDraftIsReadAndWithoutUnitsThereIsNoStream() throws Exception {
    List<Field> fields = new ArrayList<>();
    for (int day = 0; day < 60; day++) {
      fields.add(field("Sea Surface.Temp", "degC", day));
      fields.add(field("sea_surface_temp", "degC", day));
      fields.add(field("2t", "K", day));
      fields.add(field("\u03b8", "K", day));
      fields.add(field("lsm", "", day));
    }
    List<String> said = new ArrayList<>();

    String yaml = SettingsDraft.of(fields, said::add);

    assertThat(said).containsExactly("lsm has no units: no stream");
    Path file = Files.writeString(folder.resolve("etesian.yaml"), yaml);
    assertThat(PipelineSettings.read(file).streams())
        .extracting(StreamSettings::name, StreamSettings::variable)
        .containsExactly(
            tuple("sea-surface-temp", "Sea Surface.Temp"),
            tuple("sea-surface-temp-2", "sea_surface_temp"),
            tuple("2t", "2t"),
            tuple("series", "\u03b8"));
  }

  @Test
  void aFileThatIsRefusedIsNotAllWellAlthoughTheOthersMakeADraft() throws Exception {
    Run.of("sample", folder.toString(), "--days", "16", "--dataset", "era5");
    Files.writeString(folder.resolve("a.nc"), "not NetCDF");
    Run inspect = Run.of(arguments());
    assertThat(inspect.exitCode()).isEqualTo(1);
    assertThat(inspect.out()).contains("streams:");
    assertThat(inspect.err()).contains("refused: a.nc");
  }

  @Test
  void aDraftInJsonIsRefused() {
    Run inspect = Run.of("inspect", "--settings", "--json", "a.nc");
    assertThat(inspect.exitCode()).isEqualTo(2);
    assertThat(inspect.err()).contains("--json does not go with --settings");
  }

  private static Field field(String variable, String units, int day) {
    Grid grid = new Grid(4, 4, 3, 0, 1, 1);
    return new Field(
        new Frame(
            new Variable(variable, units, "", ""),
            grid,
            Instant.parse("2020-01-01T00:00:00Z").plus(Duration.ofDays(day))),
        1,
        new Origin("", ""),
        new float[grid.cells()]);
  }

  private String[] arguments() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      List<String> names = files.map(Path::toString).sorted().toList();
      return Stream.concat(Stream.of("inspect", "--settings"), names.stream())
          .toArray(String[]::new);
    }
  }
}
