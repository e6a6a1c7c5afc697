package etesian.ingest.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputsTest {
  @TempDir Path folder;

  @BeforeEach
  void files() throws IOException {
    Files.createDirectories(folder.resolve("era5/2020"));
    for (String name :
        List.of("era5/b.nc", "era5/a.nc", "era5/2020/c.nc", "era5/.d.nc", "era5/notes.txt")) {
      Files.writeString(folder.resolve(name), name);
    }
  }

  @Test
  void aFolderGivesItsNetcdfFilesByNameAndNoTemporaryOnes() throws IOException {
    assertThat(names("era5")).containsExactly("era5/2020/c.nc", "era5/a.nc", "era5/b.nc");
  }

  @Test
  void aStarStaysWithinAFolderAndTwoDoNot() throws IOException {
    assertThat(names("era5/*.nc")).containsExactly("era5/a.nc", "era5/b.nc");
    assertThat(names("era5/**.nc")).containsExactly("era5/2020/c.nc", "era5/a.nc", "era5/b.nc");
    assertThat(names("era5/[b-c].nc")).containsExactly("era5/b.nc");
    assertThat(names("e*/{a,b}.nc", "era5/20?0/*"))
        .containsExactly("era5/a.nc", "era5/b.nc", "era5/2020/c.nc");
  }

  @Test
  void aFolderThatAPatternFitsIsTakenWhole() throws IOException {
    assertThat(names("era*")).containsExactly("era5/2020/c.nc", "era5/a.nc", "era5/b.nc");
  }

  @Test
  void aFileMayBeNamedLikeAPattern() throws IOException {
    Files.writeString(folder.resolve("t[2m].nc"), "x");
    assertThat(names("t[2m].nc")).containsExactly("t[2m].nc");
  }

  @Test
  void whatIsNotThereIsNamed() {
    assertThatThrownBy(() -> names("nowhere"))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("nowhere");
    assertThatThrownBy(() -> names("era5/*.grib"))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("no file fits");
    assertThatThrownBy(() -> Inputs.of(List.<String>of())).hasMessageContaining("nothing to send");
  }

  @Test
  void whatIsWatchedMayComeLaterButItsFolderMustBeThere() throws IOException {
    String pattern = folder.resolve("era5/*.grib").toString();
    Inputs.of(List.of(pattern)).checkWatchable();
    assertThat(Inputs.of(List.of(pattern)).present()).isEmpty();
    assertThatThrownBy(() -> Inputs.of(List.of(folder + "/nowhere")).checkWatchable())
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aReferenceLeadsToThePathOrToWhereTheJobSeesIt() {
    Path file = folder.resolve("era5/2020/ü b%.nc");
    assertThat(Locations.asHere().of(file)).isEqualTo(file.toUri());
    Locations mapped =
        Locations.parse(
            List.of(folder + "=https://files.example/all", folder + "/era5=file:///mnt/era5/"));
    assertThat(mapped.of(file).getPath()).isEqualTo("/mnt/era5/2020/ü b%.nc");
    assertThat(mapped.of(folder.resolve("sst.nc")))
        .isEqualTo(URI.create("https://files.example/all/sst.nc"));
    assertThatThrownBy(
            () -> new Locations(Map.of(Path.of("/other"), URI.create("file:///x"))).of(file))
        .hasMessageContainingAll("/other", "map its folder");
    assertThatThrownBy(() -> Locations.parse(List.of("https://files.example/")))
        .hasMessageContaining("FOLDER=URI");
  }

  private List<String> names(String... patterns) throws IOException {
    return Inputs.of(List.of(patterns).stream().map(p -> folder + "/" + p).toList())
        .files()
        .stream()
        .map(file -> folder.relativize(file).toString())
        .toList();
  }
}
