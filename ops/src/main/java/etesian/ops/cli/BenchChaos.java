package etesian.ops.cli;

import etesian.ops.bench.Chaos;
import etesian.ops.bench.ChaosReport;
import etesian.ops.bench.Machine;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench chaos}: whether kills change results. */
@Command(
    name = "chaos",
    mixinStandardHelpOptions = true,
    versionProvider = Etesian.Version.class,
    description = {
      "Runs the streams of the demo on a cluster of separate processes (broker, ZooKeeper,"
          + " JobManager, two TaskManagers), undisturbed and then with 'kill -9' at random moments,"
          + " and compares every committed record, values included.",
      "",
      "Exit code 0 only when nothing is lost, double or different."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  etesian bench chaos --kills 3 --json",
      "  etesian bench chaos --kills 1 --load 3 --minutes 2     more input than it can take"
    })
final class BenchChaos implements Callable<Integer> {
  private static final Duration BETWEEN_KILLS = Duration.ofSeconds(40);
  private static final long DISK_MEGABYTES = 2048;

  @Spec private CommandSpec spec;

  @Option(
      names = "--kills",
      paramLabel = "N",
      defaultValue = "3",
      description = "How many processes are killed (default: ${DEFAULT-VALUE}).")
  private int kills;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Of who is killed when (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--minutes",
      paramLabel = "M",
      description =
          "About the time over which granules come in the run with the kills (default: 40 s for"
              + " each).")
  private Double minutes;

  @Option(
      names = "--load",
      paramLabel = "L",
      defaultValue = "0.5",
      description =
          "How fast granules come while processes are killed, 1 is what the undisturbed run took"
              + " (default: ${DEFAULT-VALUE}; 3 is an overload).")
  private double load;

  @Mixin private KeepOption keep;

  @Option(names = "--json", description = "{kills, lost, duplicates, different, …}")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    if (kills < 0 || !(load > 0) || (minutes != null && !(minutes > 0))) {
      throw new ParameterException(
          spec.commandLine(),
          "expected at least 0 kills in more than 0 minutes, and a load above 0");
    }
    return keep.run("etesian-chaos", DISK_MEGABYTES, this::run);
  }

  private int run(Path folder, Consumer<String> progress) throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Machine machine = Machine.here();
    Duration time =
        minutes == null
            ? BETWEEN_KILLS.multipliedBy(Math.max(1, kills))
            : Duration.ofMillis(Math.round(minutes * 60_000));
    ChaosReport report = new Chaos(kills, seed, time, load, folder, progress).run();
    if (json) {
      Map<String, Object> whole = new LinkedHashMap<>();
      whole.putAll(Json.members(report));
      whole.put("machine", machine);
      out.println(Json.pretty(whole));
    } else {
      out.printf(
          "%d kills: %d lost, %d duplicates, %d different of %d forecasts and %d scores; recovery"
              + " %s s in the median, %s s at most; %d checkpoints, %.1f s at most without one%n",
          report.kills(),
          report.lost(),
          report.duplicates(),
          report.different(),
          report.forecasts(),
          report.scores(),
          report.recoverySeconds().median(),
          report.recoverySeconds().max(),
          report.checkpoints().completed(),
          report.checkpoints().longestGapSeconds());
    }
    return report.good() ? 0 : 1;
  }
}
