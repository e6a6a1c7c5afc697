package etesian.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Grid;
import etesian.pipeline.settings.PipelineSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.StreamVariable;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private String[] arguments() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      List<String> names = files.map(Path::toString).sorted().toList();
      return Stream.concat(Stream.of("inspect", "--settings"), names.stream())
          .toArray(String[]::new);
    }
  }
}
