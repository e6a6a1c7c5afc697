package etesian.ops.cli;

import etesian.ops.console.Browser;
import etesian.ops.console.ConsoleSettings;
import etesian.ops.demo.Demo;
import etesian.ops.demo.Report;
import etesian.ops.demo.SkillText;
import etesian.ops.embedded.Ports;
import etesian.ops.run.Stack;
import etesian.pipeline.tune.FirstWeights;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code demo}: the main job on this machine. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    versionProvider = Etesian.Version.class,
    description = {
      "Runs the whole stream in one process: Kafka, Flink, an ERA5 stream by M2NO and an SST stream"
          + " by S-MNN, forecasts scored as soon as their observations come.",
      "",
      "Without --data the world is SIMULATED and goes on until --minutes are over or you press"
          + " Ctrl-C. With --data, weights are trained on the first 70 %% of your files and"
          + " forecasts issued in the last 30 %%."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  etesian demo",
      "  etesian demo --minutes 2 --report report.json",
      "  etesian demo --data era5.nc --data sst.nc"
    })
final class DemoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "FILE|DIR",
      arity = "1..*",
      description = "Your own NetCDF files or folders, one or more.")
  private List<Path> data = new ArrayList<>();

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = "Publish for so long, then end in good order.")
  private Double minutes;

  @Option(names = "--report", paramLabel = "FILE", description = "Write what happened, as JSON.")
  private Path report;

  @Option(
      names = "--training",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "Longest training of one stream, with --data (default: ${DEFAULT-VALUE}).")
  private int trainingSeconds;

  @Mixin private PortOptions ports;

  @Option(
      names = "--console-port",
      paramLabel = "PORT",
      description =
          "Port of the console's page; 0 for any (default: 8090, or any when it is taken).")
  private Integer consolePort;

  @Option(names = "--no-browser", description = "Do not open the console in a browser.")
  private boolean noBrowser;

  @Override
  public Integer call() throws Exception {
    if (minutes != null && minutes <= 0) {
      throw new ParameterException(
          spec.commandLine(), "--minutes: a positive number, got %s".formatted(minutes));
    }
    if (report != null) {
      demandPlace(report.toAbsolutePath()); // not found out an hour later
    }
    Instant startedAt = Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
    PrintWriter out = spec.commandLine().getOut();
    Stack.ListenOn listenOn = ports.choose(true, line -> say(out, line));
    Report outcome;
    try (TrainingBar bar = new TrainingBar(spec.commandLine().getErr())) {
      FirstWeights trainer = new FirstWeights(Duration.ofSeconds(trainingSeconds), bar);
      outcome =
          new Demo(startedAt, listenOn, chooseConsolePort(out), this::visit, line -> say(out, line))
              .run(
                  data,
                  trainer,
                  Optional.ofNullable(minutes).map(m -> Duration.ofMillis(Math.round(m * 60_000))));
    }
    out.print(SkillText.of(outcome));
    out.flush();
    if (report != null) {
      write(outcome);
    }
    return outcome.good() ? 0 : 1;
  }

  private int chooseConsolePort(PrintWriter out) {
    OptionalInt asked = consolePort == null ? OptionalInt.empty() : OptionalInt.of(consolePort);
    return Ports.choose(
        asked, ConsoleSettings.PORT, "console", "--console-port", line -> say(out, line));
  }

  private void visit(URI page) {
    if (!noBrowser) {
      Browser.open(page);
    }
  }

  private static void demandPlace(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException("--report %s: a folder; name a file in it".formatted(file));
    }
    if (!Files.isDirectory(file.getParent())) {
      throw new IOException(
          "--report %s: there is no folder for it; make it first".formatted(file));
    }
  }

  private void write(Report outcome) throws IOException {
    Files.writeString(report, Json.pretty(outcome) + System.lineSeparator());
  }

  private static void say(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }
}
