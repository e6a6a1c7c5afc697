package etesian.operators;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
  private static final byte[] CONTENT = "content".getBytes(UTF_8);

  @TempDir private Path disk;

  @Test
  void aFileIsReplacedAndNothingElseIsLeft() throws Exception {
    Path file = Files.writeString(disk.resolve("x"), "before");
    WholeFile.write(CONTENT, file);
    assertThat(file).hasBinaryContent(CONTENT);
    assertThat(disk).isDirectoryContaining("glob:**/x").isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void aNameAloneIsAFileOfTheCurrentFolder() throws Exception {
    Path file = Path.of("whole-file-test-" + ProcessHandle.current().pid());
    try {
      WholeFile.write(CONTENT, file);
      assertThat(file).hasBinaryContent(CONTENT);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /** Its names cannot be forced to the disk then, which is no reason not to write. */
  @Test
  void aFolderThatMayBeWrittenAndNotReadTakesFiles() throws Exception {
    Path closed = Files.createDirectory(disk.resolve("drop"));
    assumeTrue(Files.getFileStore(disk).supportsFileAttributeView("posix"), "no such folders");
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("-wx------"));
    try {
      WholeFile.write(CONTENT, closed.resolve("x"));
      assertThat(closed.resolve("x")).hasBinaryContent(CONTENT);
    } finally {
      Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void foldersAreMadeWithThoseAboveAndLeftAsTheyAre() throws Exception {
    Path folder = disk.resolve("a/b/c");
    WholeFile.makeFolder(folder);
    WholeFile.makeFolder(folder);
    assertThat(folder).isEmptyDirectory();
    Path file = Files.createFile(disk.resolve("file"));
    assertThatThrownBy(() -> WholeFile.makeFolder(file.resolve("a")))
        .isInstanceOf(FileSystemException.class);
  }
}
