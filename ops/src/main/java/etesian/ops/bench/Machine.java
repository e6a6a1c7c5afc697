package etesian.ops.bench;

import ai.djl.engine.Engine;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/**
 * What figures depend on.
 *
 * @param processor its model
 * @param cores that this process may use
 * @param load average of the last minute when the benchmark began; the machine was idle below 0.2
 *     or so; negative where the system does not tell
 * @param system operating system
 * @param java virtual machine
 * @param collector of garbage
 * @param libtorch version
 * @param transparentHugePages setting of the kernel, "unknown" where there is none
 */
public record Machine(
    String processor,
    int cores,
    double load,
    String system,
    String java,
    String collector,
    String libtorch,
    String transparentHugePages) {

  /** This one, now. */
  public static Machine here() {
    return new Machine(
        line(Path.of("/proc/cpuinfo"), "model name", "unknown").replaceAll("^[^:]*:\\s*", ""),
        Runtime.getRuntime().availableProcessors(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
        "%s %s %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")),
        "%s (%s)"
            .formatted(System.getProperty("java.vm.version"), System.getProperty("java.vendor")),
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .map(GarbageCollectorMXBean::getName)
            .collect(Collectors.joining(", ")),
        Engine.getEngine("PyTorch").getVersion(),
        line(Path.of("/sys/kernel/mm/transparent_hugepage/enabled"), "[", "unknown"));
  }

  private static String line(Path file, String with, String otherwise) {
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> line.contains(with))
          .findFirst()
          .orElse(otherwise);
    } catch (IOException e) {
      return otherwise; // another system
    }
  }
}
