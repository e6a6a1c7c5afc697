package etesian.ops.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A folder below {@code java.io.tmpdir} that is removed, with all in it, when closed or at exit.
 */
public final class TemporaryFolder implements AutoCloseable {
  private final Path path;

  private TemporaryFolder(Path path) {
    this.path = path;
  }

  /**
   * @param prefix of its name, for instance {@code etesian-kafka-}
   * @param neededMegabytes what its owner will write at most in an ordinary run
   * @throws StartFailed when the folder cannot be made or the disk has less than that to give
   */
  public static TemporaryFolder create(String prefix, long neededMegabytes) {
    Path root = Path.of(System.getProperty("java.io.tmpdir"));
    try {
      long freeMegabytes = Files.getFileStore(root).getUsableSpace() >> 20;
      if (freeMegabytes < neededMegabytes) {
        throw new StartFailed(
            "%s has %d MB left, %d MB are needed; free some, or point TMPDIR to another disk"
                .formatted(root, freeMegabytes, neededMegabytes));
      }
      TemporaryFolder folder = new TemporaryFolder(Files.createTempDirectory(root, prefix));
      AtExit.register(folder);
      return folder;
    } catch (IOException e) {
      throw new StartFailed(
          "cannot make a folder in %s (%s); make it writable, or point TMPDIR to another one"
              .formatted(root, e),
          e);
    }
  }

  public Path path() {
    return path;
  }

  /** A folder inside it, made if it is not there. */
  public Path folder(String name) {
    try {
      return Files.createDirectories(path.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + path.resolve(name), e);
    }
  }

  @Override
  public void close() {
    AtExit.forget(this);
    try {
      Files.walkFileTree(path, new Deletion());
    } catch (NoSuchFileException gone) {
      // closed twice, or removed by somebody else: what was wanted
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + path + "; remove it by hand", e);
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (e instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE; // a server that just ended removed it itself
      }
      throw e;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
      Files.deleteIfExists(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
