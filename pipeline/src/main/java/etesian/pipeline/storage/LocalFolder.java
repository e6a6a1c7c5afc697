package etesian.pipeline.storage;

import etesian.operators.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder on a disk of this machine, by {@code java.nio.file}: a file is forced to the disk under
 * another name and renamed into place. Flink's local file system is not asked: it takes a folder
 * that may not be read for an empty one, and leaves what a writer had begun that failed.
 */
final class LocalFolder extends Folder {
  private static final long serialVersionUID = 1L;

  private final String path;

  LocalFolder(Path folder) {
    this.path = folder.toAbsolutePath().normalize().toString();
  }

  private Path file(String name) {
    return Path.of(path).resolve(name);
  }

  @Override
  public Folder resolve(String child) {
    return new LocalFolder(file(child));
  }

  /** Without a slash at the end, whether it is there or not. */
  @Override
  public URI uri() {
    String uri = Path.of(path).toUri().toString();
    return URI.create(uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri);
  }

  @Override
  public org.apache.flink.core.fs.Path flinkPath() {
    return new org.apache.flink.core.fs.Path(uri());
  }

  @Override
  public boolean holds(String name) {
    return Files.exists(file(name));
  }

  @Override
  public byte[] read(String name, int most) throws IOException {
    Path file = file(name);
    demandSize(file.toString(), Files.size(file), most);
    return Files.readAllBytes(file);
  }

  @Override
  public InputStream open(String name) throws IOException {
    return Files.newInputStream(file(name));
  }

  @Override
  public void write(String name, byte[] content) throws IOException {
    Path file = file(name);
    WholeFile.makeFolder(file.getParent());
    if (Files.exists(file)) {
      return;
    }
    WholeFile.write(content, file);
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(file(name));
  }

  @Override
  public List<Entry> list() throws IOException {
    List<Path> found;
    try (Stream<Path> all = Files.list(Path.of(path))) {
      found = all.toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
    List<Entry> entries = new ArrayList<>();
    for (Path each : found) {
      try {
        BasicFileAttributes attributes = Files.readAttributes(each, BasicFileAttributes.class);
        boolean isFolder = attributes.isDirectory();
        entries.add(
            new Entry(
                this,
                each.getFileName().toString(),
                isFolder,
                isFolder ? 0 : attributes.size(),
                attributes.lastModifiedTime().toInstant()));
      } catch (NoSuchFileException e) {
        continue; // gone, or under another name by now
      }
    }
    return entries;
  }

  @Override
  public String toString() {
    return path;
  }
}
