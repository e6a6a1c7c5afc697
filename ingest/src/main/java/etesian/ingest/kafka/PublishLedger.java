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
 * appended as they come. A line torn by a crash counts as absent: its file is sent once more, and
 * whoever reads the topic knows a content by its hash.
 */
final class PublishLedger implements Closeable {
  private static final Pattern LINE = Pattern.compile("([0-9a-f]{64})  .*");

  private final Set<String> contents = new HashSet<>();
  private final OutputStream out;

  PublishLedger(Path file) throws IOException {
    boolean torn = false;
    if (Files.exists(file)) {
      byte[] bytes = Files.readAllBytes(file);
      String text = new String(bytes, UTF_8);
      torn = !text.isEmpty() && !text.endsWith("\n");
      String whole = text.substring(0, text.lastIndexOf('\n') + 1);
      whole
          .lines()
          .map(LINE::matcher)
          .forEach(
              line -> {
                if (line.matches()) {
                  contents.add(line.group(1));
                }
              });
    }
    out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    if (torn) {
      out.write('\n');
    }
  }

  boolean contains(String sha256) {
    return contents.contains(sha256);
  }

  void add(String sha256, Path file) throws IOException {
    if (contents.add(sha256)) {
      String name = file.toString().replace('\n', ' ');
      out.write((sha256 + "  " + name + "\n").getBytes(UTF_8)); // one write, unbuffered
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
