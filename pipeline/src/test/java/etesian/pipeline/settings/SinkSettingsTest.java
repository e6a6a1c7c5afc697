package etesian.pipeline.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SinkSettingsTest {
  private static final String STREAM =
      """
      streams:
        - {name: t2m, dataset: era5, variable: t2m, units: K, step: PT6H, horizon: 4, model: m2no}
      """;

  @TempDir Path folder;

  private static SinkSettings parse(String sinks) {
    return PipelineSettings.parse(sinks + STREAM, name -> null).sinks();
  }

  @Test
  void withoutSinksForecastsGoToTheirTopicOnly() {
    assertThat(parse("")).isEqualTo(SinkSettings.NONE);
    assertThat(parse("sinks: {}\n")).isEqualTo(SinkSettings.NONE);
  }

  @Test
  void aRootIsAPathOrAUri() {
    SinkSettings sinks =
        parse(
            """
            sinks:
              netcdf: {root: %s/not/yet/there}
              zarr: {root: "file://%s/zarr"}
            """
                .formatted(folder, folder));
    assertThat(sinks.netcdf().map(URI::getPath)).contains(folder + "/not/yet/there");
    assertThat(sinks.zarr().map(URI::getPath)).contains(folder + "/zarr");
    assertThat(folder.resolve("not")).doesNotExist();
  }

  @Test
  void oneWithoutTheOther() {
    assertThat(parse("sinks: {zarr: {root: %s}}\n".formatted(folder)).netcdf())
        .isEqualTo(Optional.empty());
  }

  @Test
  void whatCannotBeWrittenIsRefusedWithTheOtherProblems() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "not a folder");
    assertThatThrownBy(
            () ->
                parse(
                    """
                    sinks:
                      netcdf: {root: %s/archive}
                      zarr: {root: "gopher://store/zarr"}
                      zar: {}
                    """
                        .formatted(file)))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(
            "sinks.netcdf.root: '" + file + "/archive' cannot be written: " + file)
        .hasMessageContaining("sinks.zarr.root: 'gopher://store/zarr' is on no file system")
        .hasMessageContaining("sinks.zar: unknown; did you mean 'zarr'?");
  }

  @Test
  void aRootIsMissing() {
    assertThatThrownBy(() -> parse("sinks: {netcdf: {}}\n"))
        .hasMessageContaining("sinks.netcdf.root: missing");
  }

  @Test
  void theTwoDoNotShareARoot() {
    assertThatThrownBy(
            () ->
                parse("sinks: {netcdf: {root: %s}, zarr: {root: %s}}\n".formatted(folder, folder)))
        .hasMessageContaining("sinks.zarr.root: must not be that of netcdf");
  }
}
