package etesian.pipeline.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.core.fs.RecoverableWriter;
import org.apache.flink.core.fs.UnsupportedFileSystemSchemeException;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.IOUtils;

/**
 * A folder in a file system that Flink knows, written by its {@link RecoverableWriter}, as Flink
 * does with the metadata of its checkpoints: nothing is seen before the commit, which completes an
 * upload in an object store and renames in HDFS. A stream that is merely closed would publish half
 * a file when it is closed for a failure.
 *
 * <p>Whatever these file systems throw becomes an {@link IOException}: they come from elsewhere,
 * and an {@link IllegalArgumentException} of ours says that content is wrong, which no second try
 * mends.
 */
final class RemoteFolder extends Folder {
  private static final long serialVersionUID = 1L;

  /** In the name of a file that HDFS has not been told to rename. */
  static final String PART = ".inprogress.";

  private final String text;

  private RemoteFolder(String text) {
    this.text = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  /**
   * @throws IllegalArgumentException when Flink has no such file system, or it does not take the
   *     location
   */
  static Folder known(String text) {
    FileSystems.demandUsable(text);
    URI uri = new Path(text).toUri();
    try {
      FileSystem.get(uri);
    } catch (UnsupportedFileSystemSchemeException e) {
      throw new IllegalArgumentException(
          String.format(
              "'%s' is on no file system that we know. Expected a path, or put the jar of Flink's"
                  + " file system for '%s' (for s3: flink-s3-fs-hadoop) into a folder of its own"
                  + " below that which the environment variable FLINK_PLUGINS_DIR names"
                  + " (docs/cluster.md)",
              text, uri.getScheme()),
          e);
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException(
          String.format(
              "'%s' is not to be had from Flink's file system for '%s': %s",
              text, uri.getScheme(), firstLine(e)),
          e);
    }
    return new RemoteFolder(text);
  }

  @Override
  public Folder resolve(String child) {
    return new RemoteFolder(text + "/" + child);
  }

  @Override
  public URI uri() {
    return flinkPath().toUri();
  }

  @Override
  public Path flinkPath() {
    return new Path(text);
  }

  private Path file(String name) {
    return new Path(location(name));
  }

  @Override
  public boolean holds(String name) throws IOException {
    return ask(location(name), () -> files().exists(file(name)));
  }

  @Override
  public byte[] read(String name, int most) throws IOException {
    long bytes = ask(location(name), () -> files().getFileStatus(file(name)).getLen());
    demandSize(location(name), bytes, most);
    return ask(
        location(name),
        () -> {
          try (InputStream in = files().open(file(name))) {
            return in.readAllBytes();
          }
        });
  }

  @Override
  public InputStream open(String name) throws IOException {
    return ask(location(name), () -> files().open(file(name)));
  }

  @Override
  public void write(String name, byte[] content) throws IOException {
    if (holds(name)) {
      return;
    }
    long found =
        ask(
            location(name),
            () -> {
              RecoverableFsDataOutputStream out = writer().open(file(name));
              try {
                out.write(content);
                out.closeForCommit().commit();
              } catch (IOException | RuntimeException e) {
                IOUtils.closeQuietly(out); // publishes nothing
                throw e;
              }
              return files().getFileStatus(file(name)).getLen();
            });
    // A rename that another writer came before says so by a result that committers pass by.
    if (found != content.length) {
      throw new FileSystemException( // no second try mends that: the name is taken
          location(name),
          null,
          "%d bytes were written, %d are there".formatted(content.length, found));
    }
  }

  private RecoverableWriter writer() throws IOException {
    try {
      return files().createRecoverableWriter();
    } catch (UnsupportedOperationException e) {
      throw new IOException(
          "this file system cannot write a file so that it is seen when it is whole ("
              + firstLine(e)
              + "); for s3 take flink-s3-fs-hadoop, not flink-s3-fs-presto",
          e);
    }
  }

  @Override
  public void delete(String name) throws IOException {
    ask(
        location(name),
        () -> {
          if (!files().delete(file(name), false) && files().exists(file(name))) {
            throw new IOException("it is still there");
          }
          return null;
        });
  }

  @Override
  public List<Entry> list() throws IOException {
    FileStatus[] found;
    try {
      found = ask(text, () -> files().listStatus(new Path(text + "/")));
    } catch (NoSuchFileException none) {
      return List.of();
    }
    if (found == null) {
      return List.of();
    }
    // A list of a file is the file itself, in the place of its folder.
    if (found.length == 1 && found[0].getPath().toUri().getPath().equals(uri().getPath())) {
      throw new NotDirectoryException(text);
    }
    return Arrays.stream(found).map(this::entry).toList();
  }

  private Entry entry(FileStatus status) {
    return new Entry(
        this,
        status.getPath().getName(),
        status.isDir(),
        status.isDir() ? 0 : status.getLen(),
        Instant.ofEpochMilli(status.getModificationTime()));
  }

  /** Of whatever process a task runs in: each has file systems of its own. */
  private FileSystem files() throws IOException {
    return FileSystem.get(uri());
  }

  private static <T> T ask(String location, Callable<T> request) throws IOException {
    try {
      return request.call();
    } catch (FileNotFoundException | NoSuchFileException e) {
      NoSuchFileException none = new NoSuchFileException(location);
      none.initCause(e);
      throw none;
    } catch (AccessDeniedException e) {
      throw new IOException(
          "access denied (%s); the credentials that Flink has for '%s' must allow it, see"
                  .formatted(firstLine(e), new Path(location).toUri().getScheme())
              + " docs/cluster.md",
          e);
    } catch (Exception e) {
      if (ExceptionUtils.findThrowable(e, RemoteFolder::isInterruption).isPresent()) {
        Thread.currentThread().interrupt(); // some clients forget that they were
      }
      throw new IOException(firstLine(e), e);
    }
  }

  /** Not the subclasses of {@link InterruptedIOException}, which are timeouts. */
  private static boolean isInterruption(Throwable e) {
    return e instanceof InterruptedException || e.getClass() == InterruptedIOException.class;
  }

  /** Without the identifiers of requests that S3 adds in brackets. */
  private static String firstLine(Exception e) {
    String message = Objects.requireNonNullElse(e.getMessage(), "").strip();
    return message.isEmpty()
        ? e.toString()
        : message.lines().findFirst().orElse("").replaceFirst(" \\(Service: .*", "");
  }

  @Override
  public String toString() {
    return text;
  }
}
