package etesian.pipeline.storage;

import etesian.ingest.field.Check;
import etesian.operators.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A folder of files that are written once and read whole. It need not be there before its first
 * file.
 *
 * <p>What is said of writing holds for both kinds: under its name a file is complete and durable,
 * or not there. A process that is killed leaves something else behind at most, see {@link
 * Entry#isHalfWritten}.
 *
 * <p>A file that is not there is a {@link java.nio.file.NoSuchFileException} in both.
 */
public abstract class Folder implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final String URI_OF_A_FILE_SYSTEM = "[A-Za-z][A-Za-z0-9+.-]+:/.*";

  /** A single letter would be a drive of Windows. */
  private static final Pattern SCHEME_WITHOUT_SLASH =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):(?!/)(.*)");

  /** Only the two kinds of this package. */
  Folder() {}

  /**
   * What is in a folder.
   *
   * @param bytes 0 of a folder
   * @param writtenAt of a folder in an object store without meaning
   */
  public record Entry(Folder in, String name, boolean isFolder, long bytes, Instant writtenAt) {

    /** Whether it is what a writer left that was killed, or that still writes. */
    public boolean isHalfWritten() {
      return !isFolder && (name.endsWith(WholeFile.PART) || name.contains(RemoteFolder.PART));
    }

    /** The same as a folder. */
    public Folder asFolder() {
      return in.resolve(name);
    }

    /** To be read from the beginning, and closed. */
    public InputStream open() throws IOException {
      return in.open(name);
    }

    public void delete() throws IOException {
      in.delete(name);
    }

    /** Where it is, for people. */
    @Override
    public String toString() {
      return in.location(name);
    }
  }

  public static Folder of(Path folder) {
    return new LocalFolder(folder);
  }

  /**
   * @param text a path, or the URI of a file system that Flink knows: {@code s3://bucket/weights};
   *     a path that begins as a URI does, {@code runs:may}, is to be written {@code ./runs:may}
   * @throws IllegalArgumentException when it is neither; says what to do
   */
  public static Folder parse(String text) {
    Matcher forgotten = SCHEME_WITHOUT_SLASH.matcher(text);
    if (forgotten.matches()) { // else a folder of that name would be made and nobody warned
      throw new IllegalArgumentException(
          String.format(
              "'%1$s' has the scheme of a URI and no slash after it: expected '%2$s://%3$s', or"
                  + " './%1$s' for a folder of that name on this machine",
              text, forgotten.group(1), forgotten.group(2)));
    }
    if (!text.matches(URI_OF_A_FILE_SYSTEM)) {
      return of(Path.of(text));
    }
    Check.that(
        !text.matches("[^/]+://[^/]*:[^/]*@.*"),
        "a location with a password in it: credentials belong into Flink's configuration, see"
            + " docs/cluster.md");
    return text.startsWith("file:")
        ? of(Path.of(URI.create(text).getPath()))
        : RemoteFolder.known(text);
  }

  /** A folder in this one. */
  public abstract Folder resolve(String child);

  public abstract URI uri();

  /** As Flink takes it; the text of one is to be given where Flink asks for a text. */
  public abstract org.apache.flink.core.fs.Path flinkPath();

  /** Where a file is, for people: a path on a local disk, else a URI. */
  public final String location(String name) {
    return this + "/" + name;
  }

  public abstract boolean holds(String name) throws IOException;

  /**
   * The whole content.
   *
   * @param most bytes
   * @throws IllegalArgumentException when it is larger
   */
  public abstract byte[] read(String name, int most) throws IOException;

  /** To be read from the beginning, and closed. */
  public abstract InputStream open(String name) throws IOException;

  /**
   * Writes a file. One of that name is not written again: names tell the content.
   *
   * @throws IOException when it is not there afterwards
   */
  public abstract void write(String name, byte[] content) throws IOException;

  /** Removes a file; one that is not there is no problem. */
  public abstract void delete(String name) throws IOException;

  /** What is in it, in no order; nothing when there is no such folder. */
  public abstract List<Entry> list() throws IOException;

  /**
   * The files in this folder and those below.
   *
   * @param depth of folders that are entered, 1 for this one alone
   */
  public final List<Entry> walk(int depth) throws IOException {
    List<Entry> files = new ArrayList<>();
    for (Entry entry : list()) {
      if (!entry.isFolder()) {
        files.add(entry);
      } else if (depth > 1) {
        files.addAll(entry.asFolder().walk(depth - 1));
      }
    }
    return files;
  }

  /**
   * Writes a small file and removes it.
   *
   * @throws IOException when either fails
   */
  public final void demandWritable() throws IOException {
    String name = ".etesian-" + UUID.randomUUID() + ".tmp";
    write(name, new byte[1]);
    delete(name);
  }

  static void demandSize(String location, long bytes, int most) {
    Check.that(bytes <= most, "%s is too large to be read", location);
  }

  @Override
  public final boolean equals(Object other) {
    return other instanceof Folder folder && uri().equals(folder.uri());
  }

  @Override
  public final int hashCode() {
    return uri().hashCode();
  }
}
