package etesian.ingest.supply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderWatchTest {
  @TempDir Path folder;

  private long seconds;
  private FolderWatch watch;

  @BeforeEach
  void start() {
    watch = new FolderWatch(this::listing, Duration.ofSeconds(2), () -> seconds * 1_000_000_000L);
  }

  @Test
  void aFileIsCompleteOnceItHasStayedTheSame() throws IOException {
    Path file = Files.writeString(folder.resolve("a.nc"), "one");
    assertThat(at(0)).isEmpty();
    assertThat(at(1)).isEmpty();
    assertThat(at(2)).containsExactly(file);
    assertThat(at(3)).isEmpty();
    assertThat(at(10)).isEmpty();
  }

  @Test
  void aFileThatGrowsWaits() throws IOException {
    Path file = Files.writeString(folder.resolve("a.nc"), "one");
    assertThat(at(0)).isEmpty();
    Files.writeString(file, " two", StandardOpenOption.APPEND);
    assertThat(at(2)).isEmpty();
    Files.writeString(file, " three", StandardOpenOption.APPEND);
    assertThat(at(4)).isEmpty();
    assertThat(at(6)).containsExactly(file);
  }

  @Test
  void aTemporaryNameWaitsUntilItIsRenamed() throws IOException {
    Path part = Files.writeString(folder.resolve("a.nc.part"), "one");
    Files.writeString(folder.resolve(".b.nc.x7Qz"), "rsync");
    Files.writeString(folder.resolve("c.TMP"), "half");
    assertThat(at(0)).isEmpty();
    assertThat(at(9)).isEmpty();
    Path whole = Files.move(part, folder.resolve("a.nc"));
    assertThat(at(10)).isEmpty();
    assertThat(at(12)).containsExactly(whole);
  }

  @Test
  void aFileThatIsReplacedIsCompleteOnceMore() throws IOException {
    Path file = Files.writeString(folder.resolve("a.nc"), "one");
    at(0);
    assertThat(at(2)).containsExactly(file);
    Path other = Files.writeString(folder.resolve("other.tmp"), "two"); // the same length
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    Files.setLastModifiedTime(file, FileTime.fromMillis(1));
    assertThat(at(3)).isEmpty();
    assertThat(at(5)).containsExactly(file);
  }

  @Test
  void aFileThatComesBackIsNew() throws IOException {
    Path file = Files.writeString(folder.resolve("a.nc"), "one");
    at(0);
    at(2);
    Files.delete(file);
    assertThat(at(3)).isEmpty();
    Files.writeString(file, "one");
    assertThat(at(4)).isEmpty();
    assertThat(at(6)).containsExactly(file);
  }

  @Test
  void filesComeInTheOrderOfTheListing() throws IOException {
    Path b = Files.writeString(folder.resolve("b.nc"), "one");
    Path a = Files.writeString(folder.resolve("a.nc"), "one");
    at(0);
    assertThat(at(2)).containsExactly(a, b);
  }

  @Test
  void theIntervalIsPositive() {
    assertThatThrownBy(() -> new FolderWatch(this::listing, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("positive");
  }

  private List<Path> at(long now) throws IOException {
    seconds = now;
    return watch.poll();
  }

  private List<Path> listing() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
