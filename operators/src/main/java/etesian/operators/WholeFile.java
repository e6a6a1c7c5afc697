package etesian.operators;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
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

  /** Writes beside the file, forces to disk, then renames, over a file that is there. */
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
  }
}
