package etesian.pipeline.champion;

import etesian.ingest.field.Check;
import etesian.ingest.wire.Sha256;
import etesian.operators.SafeTensors;
import etesian.operators.Weights;
import etesian.pipeline.storage.Folder;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * A folder of weights files named by the SHA-256 of their content, on a disk or in an object store:
 * under its name a file is whole, and it is never overwritten.
 */
public final class WeightsStore implements Serializable {
  private static final long serialVersionUID = 3L;

  private static final String SUFFIX = ".safetensors";

  /** What fits into an array. */
  private static final int MOST_BYTES = Integer.MAX_VALUE - 8;

  private final Folder folder;
  private final Duration firstPause;

  public WeightsStore(Folder folder) {
    this(folder, Persistence.FIRST_PAUSE);
  }

  /**
   * @param firstPause of those before a failed request is tried again
   */
  WeightsStore(Folder folder, Duration firstPause) {
    this.folder = folder;
    this.firstPause = firstPause;
  }

  public WeightsStore(Path folder) {
    this(Folder.of(folder));
  }

  /**
   * Keeps the weights and returns their SHA-256. A store that fails is asked again, for half a
   * minute at most: for a thread that may wait.
   *
   * @throws UncheckedIOException when they are not kept
   */
  public String put(Weights weights) {
    return put(SafeTensors.write(weights));
  }

  /**
   * Keeps a weights file from elsewhere byte for byte, so that its SHA-256 stays what it was, and
   * returns that; waits and throws as {@link #put(Weights)}.
   */
  public String put(byte[] safetensors) {
    String sha256 = Sha256.hex(safetensors);
    String failure = "cannot keep weights in " + folder;
    try {
      return Persistence.demand(
          failure,
          () -> {
            folder.write(sha256 + SUFFIX, safetensors);
            return sha256;
          },
          firstPause);
    } catch (IOException e) {
      throw failed(failure, e);
    }
  }

  /**
   * @throws UncheckedIOException when no weights can be written, or removed
   */
  public void demandWritable() {
    try {
      folder.demandWritable();
    } catch (IOException e) {
      throw failed("cannot keep weights in " + folder, e);
    }
  }

  /**
   * @throws UncheckedIOException when the file cannot be read now: it may be there, or whole, later
   * @throws IllegalArgumentException when its content is not what its name says, or no weights
   */
  public Weights get(String sha256) {
    return SafeTensors.read(bytes(sha256));
  }

  /** As {@link #get}; what cannot be read is asked for again as {@link #put(Weights)} does. */
  public Weights getPatiently(String sha256) {
    return SafeTensors.read(
        bytes(
            sha256,
            () ->
                Persistence.demand(
                    "cannot read " + location(sha256), () -> content(sha256), firstPause)));
  }

  /** The whole file; throws as {@link #get}. */
  public byte[] bytes(String sha256) {
    return bytes(sha256, () -> content(sha256));
  }

  private byte[] content(String sha256) throws IOException {
    return folder.read(sha256 + SUFFIX, MOST_BYTES);
  }

  private byte[] bytes(String sha256, Persistence.Request<byte[]> request) {
    try {
      byte[] bytes = request.ask();
      String found = Sha256.hex(bytes);
      Check.that(
          found.equals(sha256),
          "%s holds content of SHA-256 %s: damaged?",
          location(sha256),
          found);
      return bytes;
    } catch (NoSuchFileException e) {
      throw new UncheckedIOException(
          "no weights "
              + sha256
              + " in "
              + folder
              + "; copy the file there or name its folder in"
              + " the setting 'weights'",
          e);
    } catch (IOException e) {
      throw failed("cannot read " + location(sha256), e);
    }
  }

  /**
   * @throws UncheckedIOException when that cannot be told now
   */
  public boolean holds(String sha256) {
    try {
      return folder.holds(sha256 + SUFFIX);
    } catch (IOException e) {
      throw failed("cannot look for " + location(sha256), e);
    }
  }

  /** SHA-256 of every file in the store, the newest first. */
  public List<String> newestFirst() {
    return weights().stream().map(WeightsStore::sha256).toList();
  }

  private List<Folder.Entry> weights() {
    return files().stream()
        .filter(file -> file.name().endsWith(SUFFIX))
        .sorted(
            Comparator.comparing(Folder.Entry::writtenAt)
                .reversed() // an object store tells whole seconds
                .thenComparing(Folder.Entry::name))
        .toList();
  }

  /** Of one of the {@link #unnamed} files. */
  public static String sha256(Folder.Entry file) {
    return file.name().substring(0, file.name().length() - SUFFIX.length());
  }

  private List<Folder.Entry> files() {
    try {
      return folder.walk(1);
    } catch (IOException e) {
      throw failed("cannot read the folder " + folder, e);
    }
  }

  /** The store of the states of training that are under way: files that no forecast reads. */
  public WeightsStore training() {
    return new WeightsStore(folder.resolve("training"), firstPause);
  }

  /** The files that nobody names and that were written before a time, the newest first. */
  public List<Folder.Entry> unnamed(Set<String> named, Instant writtenBefore) {
    return weights().stream()
        .filter(file -> !named.contains(sha256(file)))
        .filter(file -> file.writtenAt().isBefore(writtenBefore))
        .toList();
  }

  /** SHA-256 of the {@link #unnamed} files. */
  public List<String> orphans(Set<String> named, Instant writtenBefore) {
    return unnamed(named, writtenBefore).stream().map(WeightsStore::sha256).toList();
  }

  /** What writers left that were killed, of before a time. */
  public List<Folder.Entry> halfWritten(Instant writtenBefore) {
    return files().stream()
        .filter(Folder.Entry::isHalfWritten)
        .filter(file -> file.writtenAt().isBefore(writtenBefore))
        .toList();
  }

  /** Removes a file; one that is not there is no problem. */
  public void delete(String sha256) {
    try {
      folder.delete(sha256 + SUFFIX);
    } catch (IOException e) {
      throw failed("cannot delete " + location(sha256), e);
    }
  }

  /** Where a file is, or would be: a path on a local disk, else a URI. */
  public String location(String sha256) {
    return folder.location(sha256 + SUFFIX);
  }

  /** What {@code java.nio.file} throws names the file and a kind, others tell a reason. */
  private static UncheckedIOException failed(String what, IOException e) {
    return new UncheckedIOException(
        e instanceof FileSystemException ? what : what + ": " + e.getMessage(), e);
  }

  @Override
  public String toString() {
    return folder.toString();
  }
}
