package etesian.ingest.supply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataRequestTest {
  @TempDir private Path folder;

  @Test
  void yamlIsPassedAsWritten() throws Exception {
    DataRequest request =
        read(
            """
            dataset: reanalysis-era5-single-levels
            request:
              product_type: [reanalysis]
              variable: [2m_temperature]
              year: ['2024']
              month: [01, 08, 12]   # not the numbers 1, 8 and 12
              time: [00:00, 06:00]
              area: [90, -180.5, 0, 180]
            """);
    assertThat(request.dataset()).isEqualTo("reanalysis-era5-single-levels");
    assertThat(request.inputs())
        .containsEntry("year", List.of("2024"))
        .containsEntry("month", List.of("01", "08", 12))
        .containsEntry("time", List.of("00:00", "06:00"))
        .containsEntry("area", List.of(90, -180.5, 0, 180));
  }

  @Test
  void plainNetcdfIsAskedForUnlessSaidOtherwise() throws Exception {
    DataRequest bare = read("{\"dataset\": \"d\", \"inputs\": {\"variable\": [\"sst\"]}}");
    assertThat(bare.inputs())
        .containsEntry("data_format", "netcdf")
        .containsEntry("download_format", "unarchived")
        .containsEntry("variable", List.of("sst"));
    assertThat(bare.added()).containsExactly("data_format: netcdf", "download_format: unarchived");

    Map<String, Object> full = Map.of("data_format", "grib", "download_format", "zip");
    assertThat(DataRequest.of("d", full).inputs()).isEqualTo(full);
    assertThat(DataRequest.of("d", full).added()).isEmpty();
    assertThat(DataRequest.of("d", Map.of("format", "netcdf")).added())
        .containsExactly("download_format: unarchived");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "dataset: d",
        "request: {}",
        "dataset: d\nrequest: text",
        "dataset: [",
        "{\"dataset\": \"d\", ",
        "dataset: ../../etc\nrequest: {}",
        "import cdsapi\n"
      })
  void whatIsNoRequestIsRefusedWithTheNameOfTheFile(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(SupplyException.class)
        .hasMessageContaining("request.yaml");
  }

  private DataRequest read(String text) throws IOException {
    return DataRequest.read(Files.writeString(folder.resolve("request.yaml"), text));
  }
}
