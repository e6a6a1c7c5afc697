package etesian.ops.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.settings.StreamSettings;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstChampionsTest {
  private static final StreamSettings STREAM = SmallJob.air(Instant.EPOCH);

  @TempDir private Path folder;
  private WeightsStore store;
  private String fitting;

  @BeforeEach
  void anOldFileThatFits() throws Exception {
    store = new WeightsStore(Elsewhere.of(folder));
    try (InputStream in =
        FirstChampionsTest.class.getResourceAsStream("/weights/simulated-t2m.safetensors")) {
      fitting = store.put(in.readAllBytes());
    }
    Files.setLastModifiedTime(
        folder.resolve(fitting + ".safetensors"), FileTime.from(Instant.EPOCH));
  }

  @AfterEach
  void everythingCanBeReadAgain() {
    Elsewhere.unreachable(Set.of());
  }

  @Test
  void aFileWhoseContentIsWrongIsPassedBy() {
    store.put("no weights".getBytes(UTF_8));
    assertThat(FirstChampions.newest(store, STREAM)).contains(fitting);
  }

  @Test
  void whatCannotBeReadNowMayBeTheNewest() {
    String newer = store.put(new byte[] {1});
    Elsewhere.unreachable(Set.of(store.location(newer)));
    assertThatThrownBy(() -> FirstChampions.newest(store, STREAM))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("cannot read " + store.location(newer) + ": connection reset");
  }
}
