package etesian.pipeline.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds on a disk and in an object store alike, and what only one of them can do wrong. */
class FolderTest {
  private static final byte[] CONTENT = "content".getBytes(UTF_8);

  @TempDir private Path disk;
  private final String bucket = "objects://" + UUID.randomUUID();

  private enum Place {
    DISK,
    DISK_BY_URI,
    OBJECTS
  }

  private Folder folder(Place place) {
    return switch (place) {
      case DISK -> Folder.parse(disk.resolve("a/b").toString());
      case DISK_BY_URI -> Folder.parse(disk.resolve("a/b").toUri().toString());
      case OBJECTS -> Folder.parse(bucket + "/a/b/");
    };
  }

  @ParameterizedTest
  @EnumSource
  void whatWasWrittenIsThereUntilItIsDeleted(Place place) throws Exception {
    Folder folder = folder(place);
    assertThat(folder.holds("x")).isFalse();
    assertThat(folder.list()).as("no folder yet").isEmpty();
    assertThatThrownBy(() -> folder.read("x", 9)).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> folder.open("x")).isInstanceOf(NoSuchFileException.class);

    folder.write("x", CONTENT);
    assertThat(folder.holds("x")).isTrue();
    assertThat(folder.read("x", CONTENT.length)).isEqualTo(CONTENT);
    try (InputStream in = folder.open("x")) {
      assertThat(in.readAllBytes()).isEqualTo(CONTENT);
    }
    assertThatThrownBy(() -> folder.read("x", CONTENT.length - 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(folder + "/x is too large to be read");

    folder.delete("x");
    folder.delete("x");
    assertThat(folder.holds("x")).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void whatIsThereIsNeverOverwritten(Place place) throws Exception {
    folder(place).write("x", CONTENT);
    folder(place).write("x", "other".getBytes(UTF_8));
    assertThat(folder(place).read("x", 9)).isEqualTo(CONTENT);
  }

  @ParameterizedTest
  @EnumSource
  void aListTellsFilesAndFoldersWithTheirSizesAndTimes(Place place) throws Exception {
    Folder folder = folder(place);
    folder.write("x", CONTENT);
    folder.resolve("below").write("y", CONTENT);
    folder.resolve("below").resolve("deeper").write("z", CONTENT);

    assertThat(folder.list())
        .extracting(Folder.Entry::name, Folder.Entry::isFolder, Folder.Entry::bytes)
        .containsExactlyInAnyOrder(tuple("x", false, 7L), tuple("below", true, 0L));
    Instant now = Instant.now();
    assertThat(folder.walk(1))
        .singleElement()
        .satisfies(
            x ->
                assertThat(x.writtenAt())
                    .isBetween(now.minus(Duration.ofMinutes(1)), now.plusSeconds(1)));
    assertThat(folder.walk(2)).extracting(Folder.Entry::name).containsExactlyInAnyOrder("x", "y");
    assertThat(folder.walk(9))
        .extracting(Folder.Entry::toString)
        .containsExactlyInAnyOrder(folder + "/x", folder + "/below/y", folder + "/below/deeper/z");
  }

  /** Else the folder of a savepoint that is named by its file would look like an empty one. */
  @ParameterizedTest
  @EnumSource
  void aFileIsNoFolder(Place place) throws Exception {
    Folder folder = folder(place);
    folder.write("x", CONTENT);
    assertThatThrownBy(folder.resolve("x")::list).isInstanceOf(NotDirectoryException.class);
  }

  @ParameterizedTest
  @EnumSource
  void aTrialLeavesNothingBehind(Place place) throws Exception {
    folder(place).demandWritable();
    assertThat(folder(place).list()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void itTravelsWithAJob(Place place) throws Exception {
    Folder folder = folder(place);
    assertThat(InstantiationUtil.clone(folder)).isEqualTo(folder).hasSameHashCodeAs(folder);
    assertThat(folder).isNotEqualTo(folder.resolve("below"));
    assertThat(Folder.parse(folder.uri().toString())).isEqualTo(folder);
  }

  @ParameterizedTest
  @EnumSource
  void namesMayHaveSpaces(Place place) throws Exception {
    Folder folder = folder(place).resolve("of a person");
    folder.write("1 2", CONTENT);
    assertThat(folder(place).walk(2)).extracting(Folder.Entry::name).containsExactly("1 2");
    org.apache.flink.core.fs.Path again =
        new org.apache.flink.core.fs.Path(folder.flinkPath().toString());
    assertThat(again.getPath()).endsWith("/of a person");
    assertThat(again.getFileSystem().exists(again.suffix("/1 2"))).isTrue();
  }

  @Test
  void onADiskPathsAreShownAndEveryProcessMayReadTheFiles() throws Exception {
    Folder folder = folder(Place.DISK_BY_URI);
    assertThat(folder).hasToString(disk + "/a/b");
    folder.write("x", CONTENT);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(disk.resolve("a/b/x"))))
        .isEqualTo(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(Files.createFile(disk.resolve("usual")))));
    assertThat(disk.resolve("a/b")).isDirectoryContaining("glob:**/x");
    assertThat(folder.list()).hasSize(1);
  }

  @Test
  void onADiskAWriterThatFailsLeavesNothingAndOneThatIsKilledAPart() throws Exception {
    Files.writeString(disk.resolve("a"), "not a folder");
    assertThatThrownBy(() -> folder(Place.DISK).write("x", CONTENT))
        .isInstanceOf(IOException.class);
    Files.delete(disk.resolve("a"));
    Files.createDirectories(disk.resolve("a/b"));
    Files.createFile(disk.resolve("a/b/x." + UUID.randomUUID() + ".part"));
    assertThat(folder(Place.DISK).list()).singleElement().matches(Folder.Entry::isHalfWritten);
    assertThat(folder(Place.DISK).holds("x")).isFalse();
  }

  @Test
  void onADiskAFolderThatMayNotBeReadIsNotAnEmptyOne() throws Exception {
    Folder folder = folder(Place.DISK);
    folder.write("x", CONTENT);
    Path closed = disk.resolve("a/b");
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
    try {
      assumeTrue(!Files.isReadable(closed), "this user may read everything");
      assertThatThrownBy(folder::list).isInstanceOf(IOException.class);
    } finally {
      Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void anUploadThatFailsIsNeverSeen() throws Exception {
    for (int requests = 0; requests < 4; requests++) { // look, open, in the middle, commit
      ObjectStore.failAfter(requests, new IOException("connection reset"));
      assertThatThrownBy(() -> folder(Place.OBJECTS).write("x", CONTENT))
          .isInstanceOf(IOException.class)
          .hasMessage("connection reset");
      assertThat(ObjectStore.objects(bucket)).as("after %d requests", requests).isEmpty();
    }
    folder(Place.OBJECTS).write("x", CONTENT);
    assertThat(ObjectStore.bytes(bucket + "/a/b/x")).isEqualTo(CONTENT);
  }

  /** Or a lesson would go on after its task has ended. */
  @Test
  void aClientThatForgetsThatItWasInterruptedIsReminded() {
    ObjectStore.failAfter(0, new IOException("upload", new InterruptedIOException("sleep")));
    assertThatThrownBy(() -> folder(Place.OBJECTS).holds("x")).hasMessage("upload");
    assertThat(Thread.interrupted()).isTrue();
    ObjectStore.failAfter(0, new SocketTimeoutException("read timed out"));
    assertThatThrownBy(() -> folder(Place.OBJECTS).holds("x")).hasMessage("read timed out");
    assertThat(Thread.interrupted()).isFalse();
  }

  /** So that nobody takes them for content that is wrong. */
  @Test
  void whateverAFileSystemThrowsIsAFailureToReach() throws Exception {
    Folder folder = folder(Place.OBJECTS);
    folder.write("x", CONTENT);
    ObjectStore.failAfter(1, new IllegalArgumentException("of somebody else\nand more"));
    assertThatThrownBy(() -> folder.read("x", 9))
        .isInstanceOf(IOException.class)
        .hasMessage("of somebody else");
    ObjectStore.failAfter(0, new IllegalStateException((String) null));
    assertThatThrownBy(folder::list)
        .isInstanceOf(IOException.class)
        .hasMessage("java.lang.IllegalStateException");
  }

  @Test
  void whoMayNotReadIsToldWhatToDo() {
    ObjectStore.failAfter(0, new AccessDeniedException("key", null, "403"));
    assertThatThrownBy(() -> folder(Place.OBJECTS).read("x", 9))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("access denied", "403", "credentials", "'objects'");
    assertThatThrownBy(() -> Folder.parse("objects://absent/weights").list())
        .isNotInstanceOf(NoSuchFileException.class)
        .hasMessage("absent: no such bucket");
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3:bucket/weights", "s3a:bucket", "file:weights", "hdfs:"})
  void aUriWhoseSlashesWereForgottenIsNoFolderOfTheDisk(String text) {
    String scheme = text.substring(0, text.indexOf(':'));
    assertThatThrownBy(() -> Folder.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("'" + text + "'", "expected '" + scheme + "://", "'./" + text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"C:\\weights", "C:weights", "C:/weights", "./s3:bucket", "a/b:c", "12:30"})
  void colonsOfPathsAreNoSchemes(String text) {
    assertThat(Folder.parse(text)).isEqualTo(Folder.of(Path.of(text)));
  }

  @Test
  void locationsThatCannotBeAreRefused() {
    assertThatThrownBy(() -> Folder.parse("gopher://hole/weights"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("'gopher://hole/weights'", "FLINK_PLUGINS_DIR");
    assertThatThrownBy(() -> Folder.parse("objects://me:hush@bucket/weights"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("password")
        .hasMessageNotContaining("hush");
  }
}
