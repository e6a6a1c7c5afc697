package etesian.operators;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Files of a disk that are seen whole or not at all, also after a crash. */
public final class WholeFile {
  /** How the name ends of what a writer that was killed leaves. */
  public static final String PART = ".part";

  private WholeFile() {}

  /**
   * Writes beside the file, forces to disk, then renames, over a file that is there, and forces the
   * folder, without which a power cut may take the new name away.
   */
  public static void write(byte[] content, Path file) throws IOException {
    // Not createTempFile: its files are for their owner alone, weights are for every process.
    Path part = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + PART);
    try {
      try (FileChannel channel =
          FileChannel.open(part, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
    forceFolder(file.toAbsolutePath().getParent());
  }

  /** Makes a folder, and those above it that are missing, so that a power cut leaves them. */
  public static void makeFolder(Path folder) throws IOException {
    Path above = folder.toAbsolutePath().getParent();
    if (above == null || Files.isDirectory(folder)) {
      return;
    }
    makeFolder(above);
    Files.createDirectories(folder);
    forceFolder(above);
  }

  /** Which names are in a folder; nothing on Windows, which opens no folder. */
  private static void forceFolder(Path folder) throws IOException {
    try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
      names.force(true);
    } catch (AccessDeniedException e) {
      return; // Windows says so, and a folder that may be written and not read
    }
  }
}
