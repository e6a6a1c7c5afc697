package etesian.ingest.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The contents that the broker has acknowledged, one a line as {@code sha256sum} writes them,
 * appended as they come. A file that is sent in parts has a line for each part, {@code
 * path#validTime}, and one of its own when the last is acknowledged. A line torn by a crash counts
 * as absent: its content is sent once more, and whoever reads the topic knows a content by its
 * hash.
 */
final class PublishLedger implements Closeable {
  private static final Pattern LINE = Pattern.compile("([0-9a-f]{64})  .*");

  private final Set<String> contents = new HashSet<>();
  private final OutputStream out;

  private PublishLedger(OutputStream out) {
    this.out = out;
  }

  /** One that ends with the process. */
  static PublishLedger inMemory() {
    return new PublishLedger(OutputStream.nullOutputStream());
  }

  /** One that goes on where the file ends. */
  static PublishLedger in(Path file) throws IOException {
    String text = Files.exists(file) ? new String(Files.readAllBytes(file), UTF_8) : "";
    PublishLedger ledger =
        new PublishLedger(
            Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    text.substring(0, text.lastIndexOf('\n') + 1)
        .lines()
        .map(LINE::matcher)
        .filter(line -> line.matches())
        .forEach(line -> ledger.contents.add(line.group(1)));
    if (!text.isEmpty() && !text.endsWith("\n")) {
      ledger.out.write('\n'); // ends the torn line
    }
    return ledger;
  }

  boolean contains(String sha256) {
    return contents.contains(sha256);
  }

  /**
   * @param name path of the file, with the valid time for a part
   */
  void add(String sha256, String name) throws IOException {
    if (contents.add(sha256)) {
      // one write, unbuffered
      out.write((sha256 + "  " + name.replace('\n', ' ') + "\n").getBytes(UTF_8));
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
