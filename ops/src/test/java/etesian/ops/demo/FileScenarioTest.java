package etesian.ops.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.ingest.field.Field;
import etesian.ingest.netcdf.ClassicNetcdf;
import etesian.operators.Weights;
import etesian.pipeline.settings.StreamSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileScenarioTest {
  private static final Weights WEIGHTS = SimulatedScenario.weights(SimulatedScenario.SEA);

  @TempDir private Path folder;
  private final List<String> said = new ArrayList<>();

  @Test
  void aFileGoesOnceToEachDatasetThatAStreamTakesSomeOfItFrom() throws Exception {
    Path both = file("both.nc", 0, 150, "sst", "t2m", "u10");
    assertThat(sent(new FileScenario(List.of(both), trained(), said::add)))
        .containsExactlyInAnyOrder("era5 both.nc", "sst both.nc");
  }

  @Test
  void filesGoInTheOrderOfTheirTimesAndWhatFeedsNoStreamGoesToTheFirst() throws Exception {
    Path late = file("a.nc", 150, 150, "sst");
    Path early = file("b.nc", 0, 150, "sst");
    Path other = file("c.nc", 320, 2, "t2m");
    Path text = Files.writeString(folder.resolve("notes.txt"), "closed for lunch");

    assertThat(sent(new FileScenario(List.of(text, late, other, early), trained(), said::add)))
        .containsExactly("sst b.nc", "sst notes.txt", "sst a.nc", "sst c.nc");
  }

  @Test
  void aSeriesThatIsNotEnoughToTrainOnIsNoStream() throws Exception {
    Path both = file("both.nc", 0, 150, "sst", "t2m");
    FileScenario scenario = new FileScenario(List.of(both), tooLittleFor("t2m"), said::add);

    assertThat(scenario.streams().keySet()).extracting(StreamSettings::name).containsExactly("sst");
    assertThat(said).contains("too few runs of t2m: published, but no stream");
    assertThat(sent(scenario)).containsExactly("sst both.nc");
  }

  @Test
  void withoutAnyStreamThereIsNoDemo() throws Exception {
    FileScenario scenario =
        new FileScenario(List.of(file("a.nc", 0, 150, "sst")), tooLittleFor("sst"), said::add);
    assertThatThrownBy(scenario::streams)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no regular series long enough");
  }

  private static List<String> sent(FileScenario scenario) {
    List<String> sent = new ArrayList<>();
    scenario.granules().forEachRemaining(g -> sent.add(g.dataset() + " " + g.name()));
    return sent;
  }

  private static BiFunction<StreamSettings, List<Field>, Weights> trained() {
    return tooLittleFor();
  }

  private static BiFunction<StreamSettings, List<Field>, Weights> tooLittleFor(String... names) {
    Set<String> untrainable = Set.of(names);
    return (stream, fields) -> {
      if (untrainable.contains(stream.name())) {
        throw new IllegalArgumentException("too few runs of " + stream.name());
      }
      return WEIGHTS;
    };
  }

  /** Daily fields on two by two cells. */
  private Path file(String name, int firstDay, int days, String... variables) throws Exception {
    ClassicNetcdf file =
        new ClassicNetcdf()
            .dimension("time", days)
            .dimension("latitude", 2)
            .dimension("longitude", 2);
    double[] times = new double[days];
    Arrays.setAll(times, day -> firstDay + day);
    file.variable("time", times, "time")
        .attribute("units", "days since 2000-01-01")
        .attribute("standard_name", "time");
    file.variable("latitude", new double[] {1, 0}, "latitude").attribute("units", "degrees_north");
    file.variable("longitude", new double[] {0, 1}, "longitude").attribute("units", "degrees_east");
    for (String variable : variables) {
      float[] values = new float[days * 4];
      Arrays.fill(values, 280);
      file.variable(variable, values, "time", "latitude", "longitude")
          .attribute("units", variable.equals("u10") ? "m s**-1" : "K");
    }
    return Files.write(folder.resolve(name), file.toBytes());
  }
}
