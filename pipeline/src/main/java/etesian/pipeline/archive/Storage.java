package etesian.pipeline.archive;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;

/**
 * The few things that an archive does to a file system.
 *
 * <ul>
 *   <li>On a local disk a move is one {@code rename(2)}: a reader sees the old file or the new one.
 *       The local file system of Flink would remove the old one first, so it is not asked.
 *   <li>In an object store an object is there whole or not at all, and a move is a copy: a file is
 *       replaced by writing it.
 *   <li>Elsewhere, as in HDFS, a move does not replace: the old file is deleted first.
 * </ul>
 */
final class Storage {
  private static final Set<String> OBJECT_STORES =
      Set.of("s3", "s3a", "s3p", "gs", "oss", "abfs", "abfss", "wasb", "wasbs");

  private final FileSystem files;

  Storage(FileSystem files) {
    this.files = files;
  }

  static Storage of(Path path) throws IOException {
    return new Storage(path.getFileSystem());
  }

  boolean exists(Path path) throws IOException {
    return files.exists(path);
  }

  byte[] read(Path path) throws IOException {
    try (FSDataInputStream in = files.open(path)) {
      return in.readAllBytes();
    }
  }

  /** Writes a new file; on a local disk it has reached the disk afterwards. */
  void write(Path path, byte[] bytes) throws IOException {
    try (FSDataOutputStream out = files.create(path, WriteMode.OVERWRITE)) {
      out.write(bytes);
      if (isLocal()) {
        out.sync();
      }
    }
  }

  /**
   * Writes a file so that no reader sees half of it.
   *
   * @param beside where a temporary file may lie
   */
  void replace(Path path, byte[] bytes, Path beside) throws IOException {
    if (OBJECT_STORES.contains(files.getUri().getScheme())) {
      write(path, bytes);
      return;
    }
    Path temporary = new Path(beside, path.getName() + ".new");
    write(temporary, bytes);
    move(temporary, path);
  }

  void makeFolder(Path folder) throws IOException {
    if (!files.mkdirs(folder)) {
      throw new IOException("cannot make the folder " + folder + "; is it below a file?");
    }
  }

  /** Moves a file over one that may be there, or a folder to where none is. */
  void move(Path from, Path to) throws IOException {
    makeFolder(to.getParent());
    if (isLocal()) {
      Files.move(local(from), local(to), StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    if (!files.rename(from, to)) { // as file systems do that never replace
      files.delete(to, false);
      if (!files.rename(from, to)) {
        throw new IOException("cannot move " + from + " to " + to);
      }
    }
  }

  /** Names in a folder; none when there is no such folder. */
  List<String> list(Path folder) throws IOException {
    try {
      FileStatus[] entries = files.listStatus(folder);
      return entries == null
          ? List.of()
          : Arrays.stream(entries).map(entry -> entry.getPath().getName()).toList();
    } catch (FileNotFoundException none) {
      return List.of();
    }
  }

  /** Deletes a file or folder that may be there. */
  void delete(Path path) throws IOException {
    if (files.exists(path) && !files.delete(path, true) && files.exists(path)) {
      throw new IOException("cannot delete " + path);
    }
  }

  private boolean isLocal() {
    return !files.isDistributedFS();
  }

  private static java.nio.file.Path local(Path path) {
    return java.nio.file.Path.of(path.getPath());
  }
}
