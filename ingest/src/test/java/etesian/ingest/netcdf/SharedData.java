package etesian.ingest.netcdf;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Real files for acceptance; they are not part of the repository. */
final class SharedData {
  private SharedData() {}

  /** The folder of the files; the calling test is skipped where it is absent. */
  static Path folder() {
    String shared = System.getProperty("etesian.shared", "");
    Path folder = Path.of(shared, "data");
    assumeTrue(
        !shared.isEmpty() && Files.isDirectory(folder),
        "real files are not here: set -Detesian.shared to a folder with data/checks.json");
    return folder;
  }

  static byte[] file(String name) {
    try {
      return Files.readAllBytes(folder().resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
