package etesian.ops.models;

import etesian.pipeline.storage.Folder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.HashSet;
import java.util.Set;

/**
 * Which weights checkpoints and savepoints name: a job writes a SHA-256 into its state as 64
 * hexadecimal digits, so files are asked for these, whatever else is in them. State that Flink was
 * told to compress tells nothing.
 */
final class SavedNames {
  private static final int DIGITS = 64;
  private static final int BUFFER = 1 << 20;

  private SavedNames() {}

  /**
   * @param folder with all below it; nothing when there is none
   * @param sought SHA-256
   * @return those of them that a file holds
   * @throws UncheckedIOException a file cannot be read
   */
  static Set<String> in(Folder folder, Set<String> sought) {
    Set<String> found = new HashSet<>();
    try {
      for (Folder.Entry file : folder.walk(Integer.MAX_VALUE)) {
        read(file, sought, found);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("what is saved in " + folder + " cannot be read: " + e, e);
    }
    return found;
  }

  private static void read(Folder.Entry file, Set<String> sought, Set<String> found)
      throws IOException {
    byte[] buffer = new byte[BUFFER];
    StringBuilder digits = new StringBuilder(2 * DIGITS); // those just before where we are
    try (InputStream in = file.open()) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        for (int i = 0; i < count; i++) {
          if (!isDigit(buffer[i])) {
            digits.setLength(0);
            continue;
          }
          digits.append((char) buffer[i]);
          if (digits.length() > DIGITS) {
            digits.deleteCharAt(0);
          }
          if (digits.length() == DIGITS && sought.contains(digits.toString())) {
            found.add(digits.toString());
          }
        }
      }
    } catch (NoSuchFileException e) {
      return; // a job that runs lets old checkpoints go
    }
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9' || b >= 'a' && b <= 'f';
  }
}
