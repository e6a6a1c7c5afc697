package etesian.pipeline.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.local.LocalFileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StorageTest {
  @TempDir java.nio.file.Path folder;
  private Path root;

  @BeforeEach
  void root() {
    root = new Path(folder.toUri());
  }

  private static Storage storage(String scheme) {
    return new Storage(scheme.equals("file") ? new LocalFileSystem() : new Remote(scheme));
  }

  private Path file(String name, String content) throws IOException {
    Files.createDirectories(folder.resolve(name).getParent());
    Files.writeString(folder.resolve(name), content);
    return new Path(root, name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "hdfs", "s3"})
  void aFileIsReplaced(String scheme) throws Exception {
    Path old = file("zarr.json", "old");
    storage(scheme).replace(old, "new".getBytes(UTF_8), new Path(root, ".pending"));
    assertThat(folder.resolve("zarr.json")).hasContent("new");
    assertThat(folder.resolve(".pending/zarr.json.new")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "hdfs", "s3"})
  void aMovedFileTakesThePlaceOfAnother(String scheme) throws Exception {
    Path old = file("a/b/r0.nc", "old");
    storage(scheme).move(file(".pending/x.nc", "new"), old);
    assertThat(folder.resolve("a/b/r0.nc")).hasContent("new");
    assertThat(folder.resolve(".pending/x.nc")).doesNotExist();
  }

  @Test
  void aRootBelowAFileIsAnError() throws Exception {
    Path file = file("file", "");
    assertThatThrownBy(() -> storage("file").makeFolder(new Path(file, "archive")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aFolderThatIsNotThereHasNoNames() throws Exception {
    assertThat(storage("file").list(new Path(root, "none"))).isEmpty();
  }

  /** A disk that behaves as remote file systems do: a move refuses to replace. */
  private static final class Remote extends LocalFileSystem {
    private final String scheme;

    Remote(String scheme) {
      this.scheme = scheme;
    }

    @Override
    public boolean isDistributedFS() {
      return true;
    }

    @Override
    public URI getUri() {
      return URI.create(scheme + "://store/");
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
      return !exists(to) && super.rename(from, to);
    }
  }
}
