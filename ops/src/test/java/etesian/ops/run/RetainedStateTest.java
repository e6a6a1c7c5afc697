package etesian.ops.run;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.pipeline.storage.Folder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RetainedStateTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  @TempDir private Path folder;

  private static Stream<Function<Path, Folder>> places() {
    return Stream.of(Folder::of, Elsewhere::of);
  }

  @ParameterizedTest
  @MethodSource("places")
  void aRunGoesOnFromTheNewestCompleteCheckpointOfAny(Function<Path, Folder> place)
      throws Exception {
    Folder state = place.apply(folder);
    assertThat(RetainedState.newest(state.resolve("none yet"))).isEmpty();
    checkpoint("one/chk-9", NOON);
    checkpoint("two/chk-3", NOON.minusSeconds(1));
    Files.createDirectories(folder.resolve("one/chk-11")); // was not completed
    assertThat(RetainedState.newest(state)).contains(state.resolve("one").resolve("chk-9"));
    checkpoint("one/chk-10", NOON); // in the same second
    assertThat(RetainedState.newest(state)).contains(state.resolve("one").resolve("chk-10"));
    checkpoint("two/chk-4", NOON.plusSeconds(1));
    assertThat(RetainedState.newest(state)).contains(state.resolve("two").resolve("chk-4"));
  }

  private void checkpoint(String name, Instant writtenAt) throws IOException {
    Path metadata = Files.createDirectories(folder.resolve(name)).resolve("_metadata");
    Files.createFile(metadata);
    Files.setLastModifiedTime(metadata, FileTime.from(writtenAt));
  }
}
