package etesian.ops.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The TCP sockets that this process listens on, as Linux tells them. */
final class ListeningSockets {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/self/net/tcp"), Path.of("/proc/self/net/tcp6"));
  private static final String LISTEN = "0A";

  private ListeningSockets() {}

  /**
   * Their local addresses as the kernel writes them, hexadecimal, {@code address:port}; skips the
   * test where there is no {@code /proc}.
   */
  static List<String> addresses() throws IOException {
    Assumptions.assumeTrue(Files.isDirectory(DESCRIPTORS), "no " + DESCRIPTORS + " on this system");
    Set<String> own = inodes();
    return TABLES.stream()
        .filter(Files::isReadable)
        .flatMap(ListeningSockets::lines)
        .map(line -> line.strip().split("\\s+"))
        .filter(columns -> columns[3].equals(LISTEN) && own.contains(columns[9]))
        .map(columns -> columns[1])
        .toList();
  }

  /** 127.0.0.0/8 and ::1, also the former as an IPv6 address; words are little-endian. */
  static boolean isLoopback(String address) {
    String host = address.substring(0, address.indexOf(':'));
    return host.matches("[0-9A-F]{6}7F")
        || host.matches("0{16}FFFF0000[0-9A-F]{6}7F")
        || host.equals("0".repeat(24) + "01000000");
  }

  private static Stream<String> lines(Path table) {
    try {
      return Files.readAllLines(table).stream().skip(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> inodes() throws IOException {
    Set<String> inodes = new HashSet<>();
    List<Path> descriptors;
    try (Stream<Path> all = Files.list(DESCRIPTORS)) {
      descriptors = all.toList();
    }
    for (Path descriptor : descriptors) {
      try {
        String target = Files.readSymbolicLink(descriptor).toString();
        if (target.startsWith("socket:[")) {
          inodes.add(target.substring("socket:[".length(), target.length() - 1));
        }
      } catch (IOException closed) {
        // closed since it was listed
      }
    }
    return inodes;
  }
}
