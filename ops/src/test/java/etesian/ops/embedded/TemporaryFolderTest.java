package etesian.ops.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class TemporaryFolderTest {

  @Test
  void itIsGoneWithAllInItAfterwards() throws Exception {
    TemporaryFolder folder = TemporaryFolder.create("etesian-test-", 1);
    Files.writeString(folder.folder("a/b").resolve("c"), "x");
    folder.close();
    folder.close(); // a second time does no harm
    assertThat(folder.path()).doesNotExist();
  }

  @Test
  void aDiskThatIsTooSmallIsAnErrorWithWhatToDo() {
    assertThatThrownBy(() -> TemporaryFolder.create("etesian-test-", Long.MAX_VALUE >> 20))
        .isInstanceOf(StartFailed.class)
        .hasMessageContaining("MB are needed")
        .hasMessageContaining("TMPDIR");
  }
}
