package etesian.ops.doctor;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import com.sun.management.OperatingSystemMXBean;
import etesian.ingest.field.Field;
import etesian.ingest.field.Origin;
import etesian.ingest.netcdf.GranuleReader;
import etesian.ops.console.ConsoleSettings;
import etesian.ops.embedded.Ports;
import etesian.ops.sample.SampleGranule;
import etesian.ops.sample.SimulatedWorld;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What this machine offers. */
public final class MachineChecks {
  private static final long NEEDED_MEMORY_MB = 3072;
  private static final long NEEDED_DISK_MB = 2048;

  private MachineChecks() {}

  /** All of them. */
  public static List<Finding> all() {
    List<Finding> findings = new ArrayList<>();
    findings.add(java());
    findings.add(memory());
    findings.add(temporaryFolder(Path.of(System.getProperty("java.io.tmpdir"))));
    findings.add(port("Kafka", Ports.KAFKA));
    findings.add(port("Flink", Ports.FLINK));
    findings.add(port("metrics", Ports.PROMETHEUS));
    findings.add(port("the console", ConsoleSettings.PORT));
    findings.add(libtorch());
    findings.add(netcdf());
    return findings;
  }

  private static Finding java() {
    String found =
        "Java %s (%s), %s %s, %d cores"
            .formatted(
                System.getProperty("java.version"),
                System.getProperty("java.vendor"),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors());
    return Runtime.version().feature() >= 17
        ? Finding.ok("java", found)
        : Finding.fail("java", found, "install a JDK 17 or newer and set JAVA_HOME");
  }

  private static Finding memory() {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long totalMb = system.getTotalMemorySize() >> 20;
    String found =
        "%d MB in the machine or container, heap up to %d MB"
            .formatted(totalMb, Runtime.getRuntime().maxMemory() >> 20);
    return totalMb >= NEEDED_MEMORY_MB
        ? Finding.ok("memory", found)
        : Finding.warn(
            "memory",
            found,
            "the demo (broker, Flink and libtorch together) wants %d MB"
                .formatted(NEEDED_MEMORY_MB));
  }

  static Finding temporaryFolder(Path folder) {
    String check = "temporary folder";
    try {
      Files.delete(Files.createTempFile(folder, "etesian-doctor-", ".tmp"));
      long freeMb = Files.getFileStore(folder).getUsableSpace() >> 20;
      String found = "%s is writable, %d MB free".formatted(folder, freeMb);
      return freeMb >= NEEDED_DISK_MB
          ? Finding.ok(check, found)
          : Finding.warn(
              check,
              found,
              "the demo may need %d MB; free some or set TMPDIR".formatted(NEEDED_DISK_MB));
    } catch (IOException e) {
      return Finding.fail(
          check, folder + " is not writable (" + e + ")", "make it so, or set TMPDIR to another");
    }
  }

  static Finding port(String server, int port) {
    String check = "port " + port;
    return Ports.isFree(port)
        ? Finding.ok(check, "free for " + server)
        : Finding.warn(
            check,
            "taken",
            "an embedded %s will take another port and say which".formatted(server));
  }

  /** Loads the native library, which is unpacked on the first call, and adds two numbers. */
  private static Finding libtorch() {
    try {
      Engine engine = Engine.getEngine("PyTorch");
      try (NDManager scope = engine.newBaseManager()) {
        float sum = scope.create(1f).add(2f).getFloat();
        String found =
            "PyTorch %s on %s, 1 + 2 = %.0f"
                .formatted(engine.getVersion(), engine.defaultDevice(), sum);
        return Finding.ok("libtorch", found);
      }
    } catch (RuntimeException | LinkageError e) {
      return Finding.fail(
          "libtorch",
          "does not load: " + e,
          "build on this platform (./mvnw package chooses its library; -Dpytorch.platform=..."
              + " another), and make ~/.djl.ai writable or set DJL_CACHE_DIR");
    }
  }

  /** Writes a simulated granule and reads it, in memory. */
  private static Finding netcdf() {
    SampleGranule granule =
        new SimulatedWorld(1, Instant.parse("2020-01-05T00:00:00Z")).ocean().next(1);
    try {
      List<Field> fields =
          new GranuleReader()
              .read(granule.bytes(), granule.fileName(), new Origin("", granule.fileName()))
              .fields();
      return Finding.ok("NetCDF", "wrote and read " + fields.get(0).frame().grid());
    } catch (Exception | LinkageError e) {
      return Finding.fail(
          "NetCDF",
          "does not read what it wrote: " + e,
          "please report this with your Java version");
    }
  }
}
