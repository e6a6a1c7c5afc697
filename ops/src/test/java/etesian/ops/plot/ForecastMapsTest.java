package etesian.ops.plot;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Forecast;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Origin;
import etesian.ingest.field.Variable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForecastMapsTest {
  private static final Instant ISSUED = Instant.parse("2020-01-01T00:00:00Z");

  @TempDir private Path folder;

  @Test
  void aRevisionLiesBesideWhatItRevises() throws Exception {
    List<String> written = new ArrayList<>();
    new ForecastMaps(folder, written::add).draw(List.of(forecast(0), forecast(1)));

    Path first = folder.resolve("sea_sst_20200101T000000Z_lead001.svg");
    Path second = folder.resolve("sea_sst_20200101T000000Z_r1_lead001.svg");
    assertThat(written).contains(first.toString(), second.toString()).doesNotHaveDuplicates();
    assertThat(Files.readString(first)).doesNotContain("revision");
    assertThat(Files.readString(second)).contains("revision 1");
  }

  private static Forecast forecast(int revision) {
    return new Forecast(
        "sea",
        new Variable("sst", "K", "", ""),
        new Grid(2, 4, 45, 0, 90, 90),
        ISSUED,
        revision,
        List.of(new Forecast.Step(1, ISSUED.plus(Duration.ofDays(7)), new float[8])),
        "smnn",
        "ab".repeat(32),
        List.of(new Origin("cd".repeat(32), "etesian.granules.sst/0@17")));
  }
}
