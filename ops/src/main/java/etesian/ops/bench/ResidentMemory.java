package etesian.ops.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process holds in memory, as Linux counts it; NaN elsewhere. */
public final class ResidentMemory {
  private static final String SELF = "self";
  private static final Path CLEAR = Path.of("/proc/self/clear_refs");

  private ResidentMemory() {}

  /** From now on. */
  public static Growth watch() {
    System.gc(); // garbage of before is no growth, and must not hide any
    try {
      Files.writeString(CLEAR, "5"); // the high-water mark begins anew
    } catch (IOException e) {
      // Not Linux, or not allowed: then the peak of the whole process, which is at least as high.
    }
    return new Growth(mib());
  }

  /** How far the peak since then is above the state then, in MiB. */
  public record Growth(double from) {
    public double mib() {
      return read(SELF, "VmHWM:") - from;
    }
  }

  /** Of this process now, in MiB. */
  static double mib() {
    return read(SELF, "VmRSS:");
  }

  /** Of another process now, in MiB; NaN also when it has ended. */
  static double mib(long process) {
    return read(Long.toString(process), "VmRSS:");
  }

  private static double read(String process, String key) {
    Path status = Path.of("/proc", process, "status");
    if (!Files.exists(status)) {
      return Double.NaN;
    }
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith(key))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
          .findAny()
          .orElse(Double.NaN);
    } catch (IOException e) {
      return Double.NaN; // it ended in between
    }
  }
}
