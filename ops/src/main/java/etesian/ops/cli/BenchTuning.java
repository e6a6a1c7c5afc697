package etesian.ops.cli;

import etesian.ops.bench.Machine;
import etesian.ops.bench.TuningLatency;
import etesian.ops.bench.TuningReport;
import etesian.ops.bench.TuningReport.Figures;
import etesian.ops.bench.TuningReport.Ratios;
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

/** {@code bench tuning}: what lessons cost forecasts. */
@Command(
    name = "tuning",
    mixinStandardHelpOptions = true,
    versionProvider = Etesian.Version.class,
    description = {
      "Times the forecasts of a stream that does not learn, of one that learns in the process that"
          + " forecasts, and of one that learns in a TaskManager of its own. Each runs on a cluster"
          + " of separate processes (broker, ZooKeeper, JobManager, TaskManagers); the lesson never"
          + " ends. Twice, the second time in the opposite order."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  etesian bench tuning --json", "  etesian bench tuning --threads 1 --rate 2"})
final class BenchTuning implements Callable<Integer> {
  private static final long DISK_MEGABYTES = 1024;

  @Spec private CommandSpec spec;

  @Option(
      names = "--rate",
      paramLabel = "R",
      defaultValue = "4",
      description = "Granules a second (default: ${DEFAULT-VALUE}).")
  private double rate;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "50",
      description = "Over which each is measured (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "CPU threads of a step of the forecasts (default: all cores).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Mixin private KeepOption keep;

  @Option(
      names = "--json",
      description = "{off, same_process, own_process, same_process_ratios, own_process_ratios, …}")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    if (!(rate > 0) || !(rate * seconds >= 1) || threads < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "expected granules at a rate above 0 for at least one of them, and at least 1 thread");
    }
    return keep.run("etesian-tuning", DISK_MEGABYTES, this::run);
  }

  private int run(Path folder, Consumer<String> progress) throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Machine machine = Machine.here();
    TuningReport report =
        new TuningLatency(
                rate, Duration.ofMillis(Math.round(seconds * 1000)), threads, folder, progress)
            .run();
    if (json) {
      Map<String, Object> whole = new LinkedHashMap<>();
      whole.putAll(Json.members(report));
      whole.put("machine", machine);
      out.println(Json.pretty(whole));
      return 0;
    }
    out.println("milliseconds, p50 / p95 / p99");
    print(out, "no lessons", report.off());
    print(out, "same process", report.sameProcess());
    print(out, "  times as long", report.sameProcessRatios());
    print(out, "own process", report.ownProcess());
    print(out, "  times as long", report.ownProcessRatios());
    out.printf(
        "%d windows each, %.1f a second, %d threads a step; %s, %d cores, load %.1f%n",
        report.off().windows(),
        report.perSecond(),
        report.threads(),
        machine.processor(),
        machine.cores(),
        machine.load());
    return 0;
  }

  private static void print(PrintWriter out, String name, Figures figures) {
    out.printf(
        "%-16s first lead %s, last lead %s, committed %s, step %s; %.2f cores learn%n",
        name,
        figures.first(),
        figures.complete(),
        figures.committed(),
        figures.step(),
        figures.lessonCores());
  }

  private static void print(PrintWriter out, String name, Ratios ratios) {
    out.printf(
        "%-16s first lead %s, last lead %s, committed %s, step %s%n",
        name,
        text(ratios.first()),
        text(ratios.complete()),
        text(ratios.committed()),
        text(ratios.step()));
  }

  private static String text(TuningReport.Quantiles ratio) {
    return "%.2f / %.2f / %.2f".formatted(ratio.p50(), ratio.p95(), ratio.p99());
  }
}
