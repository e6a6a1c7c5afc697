package etesian.pipeline.champion;

import etesian.ingest.field.Check;
import etesian.ingest.wire.Sha256;
import etesian.operators.SafeTensors;
import etesian.operators.Weights;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A folder of weights files named by the SHA-256 of their content: written under another name and
 * renamed into place, never overwritten.
 */
public final class WeightsStore implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final String SUFFIX = ".safetensors";

  /** Of a file that is being written; {@link SafeTensors#save} has it, too. */
  private static final String PART = ".part";

  /** What fits into an array. */
  private static final long MOST_BYTES = Integer.MAX_VALUE - 8;

  private final String folder;

  public WeightsStore(Path folder) {
    this.folder = folder.toAbsolutePath().toString();
  }

  /** Keeps the weights and returns their SHA-256. */
  public String put(Weights weights) {
    String sha256 = SafeTensors.sha256(weights);
    Path file = file(sha256);
    try {
      Files.createDirectories(file.getParent());
      if (!Files.exists(file)) {
        SafeTensors.save(weights, file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep weights in " + folder, e);
    }
    return sha256;
  }

  /**
   * Keeps a weights file from elsewhere byte for byte, so that its SHA-256 stays what it was, and
   * returns that.
   */
  public String put(byte[] safetensors) {
    String sha256 = Sha256.hex(safetensors);
    Path file = file(sha256);
    Path temporary = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + PART);
    try {
      Files.createDirectories(file.getParent());
      if (!Files.exists(file)) {
        try {
          Files.write(
              temporary,
              safetensors,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.WRITE,
              StandardOpenOption.SYNC);
          Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
          Files.deleteIfExists(temporary);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep weights in " + folder, e);
    }
    return sha256;
  }

  /**
   * @throws UncheckedIOException when the file cannot be read now: it may be there, or whole, later
   * @throws IllegalArgumentException when its content is not what its name says, or no weights
   */
  public Weights get(String sha256) {
    Path file = file(sha256);
    try {
      Check.that(Files.size(file) <= MOST_BYTES, "%s is too large to be read", file);
      byte[] bytes = Files.readAllBytes(file);
      String found = Sha256.hex(bytes);
      Check.that(found.equals(sha256), "%s holds content of SHA-256 %s: damaged?", file, found);
      return SafeTensors.read(bytes);
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
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /** SHA-256 of every file in the store, the newest first. */
  public List<String> newestFirst() {
    return files().stream()
        .filter(file -> file.toString().endsWith(SUFFIX))
        .sorted(Comparator.comparing(WeightsStore::writtenAt).reversed())
        .map(file -> file.getFileName().toString().replace(SUFFIX, ""))
        .toList();
  }

  private List<Path> files() {
    try (Stream<Path> files = Files.list(Path.of(folder))) {
      return files.filter(Files::isRegularFile).toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the folder " + folder, e);
    }
  }

  /** The store of the states of training that are under way: files that no forecast reads. */
  public WeightsStore training() {
    return new WeightsStore(Path.of(folder).resolve("training"));
  }

  /** SHA-256 of the files that nobody names and that were written before a time. */
  public List<String> orphans(Set<String> named, Instant writtenBefore) {
    FileTime limit = FileTime.from(writtenBefore);
    return newestFirst().stream()
        .filter(sha256 -> !named.contains(sha256))
        .filter(sha256 -> writtenAt(file(sha256)).compareTo(limit) < 0)
        .toList();
  }

  /** What writers left that were killed, of before a time. */
  public List<Path> halfWritten(Instant writtenBefore) {
    FileTime limit = FileTime.from(writtenBefore);
    return files().stream()
        .filter(file -> file.toString().endsWith(PART))
        .filter(file -> writtenAt(file).compareTo(limit) < 0)
        .toList();
  }

  /** Removes a file; one that is not there is no problem. */
  public void delete(String sha256) {
    try {
      Files.deleteIfExists(file(sha256));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + file(sha256), e);
    }
  }

  private static FileTime writtenAt(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (NoSuchFileException e) {
      return FileTime.from(Instant.MAX); // a writer has just given it its name
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path file(String sha256) {
    return Path.of(folder).resolve(sha256 + SUFFIX);
  }

  @Override
  public String toString() {
    return folder;
  }
}
