package etesian.ops.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The tool {@code nccopy} of the NetCDF C library: makes NetCDF-4 as producers ship it. */
final class Nccopy {
  private static final int SECONDS = 120;

  private Nccopy() {}

  /**
   * A file with shuffle, deflate of level 4 and a chunk a time step.
   *
   * @throws IOException also when the tool is not installed
   */
  static byte[] deflated(byte[] classic) throws IOException {
    Path folder = Files.createTempDirectory("etesian-bench");
    Path from = folder.resolve("classic.nc");
    Path to = folder.resolve("deflated.nc");
    try {
      Files.write(from, classic);
      Process process =
          new ProcessBuilder(
                  "nccopy",
                  "-k",
                  "nc4",
                  "-s",
                  "-d",
                  "4",
                  "-c",
                  "time/1,latitude/721,longitude/1440",
                  "" + from,
                  "" + to)
              .redirectErrorStream(true)
              .start();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException("nccopy failed on " + from);
      }
      return Files.readAllBytes(to);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (IOException e) {
      throw new IOException(
          "NetCDF-4 is made by nccopy here (Debian: apt install netcdf-bin): " + e.getMessage(), e);
    } finally {
      Files.deleteIfExists(from);
      Files.deleteIfExists(to);
      Files.deleteIfExists(folder);
    }
  }
}
