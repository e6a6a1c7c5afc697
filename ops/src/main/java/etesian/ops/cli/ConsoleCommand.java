package etesian.ops.cli;

import etesian.ops.console.Browser;
import etesian.ops.console.Console;
import etesian.ops.console.ConsoleSettings;
import etesian.ops.embedded.Ports;
import etesian.pipeline.settings.PipelineSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code console}: the web page. */
@Command(
    name = "console",
    mixinStandardHelpOptions = true,
    versionProvider = Etesian.Version.class,
    description = {
      "Serves a page with maps of the newest forecasts, their errors, skill by lead, models and dead"
          + " letters, as they come. It reads the topics of etesian.yaml and changes nothing; Ctrl-C"
          + " ends it.",
      "",
      "It listens on this machine alone unless --host says otherwise. Whoever reaches it may look:"
          + " before a network, put a proxy that asks for a password."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  etesian console -c etesian.yaml",
      "  etesian console -c etesian.yaml --brokers 127.0.0.1:9092    those of an embedded 'run'",
      "  etesian console -c etesian.yaml --no-browser --port 0",
      "  etesian console -c etesian.yaml --host 0.0.0.0 --allow-host forecasts.example.org"
    })
final class ConsoleCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private ConfigOption config;

  @Mixin private OtherBrokers brokers;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = ConsoleSettings.LOOPBACK,
      description = "Address to listen on (default: ${DEFAULT-VALUE}).")
  private String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port of the page; 0 for any (default: 8090, or any when it is taken).")
  private Integer port;

  @Option(
      names = "--allow-host",
      paramLabel = "NAME",
      description =
          "A host name that browsers reach the page by; may be given several times. Addresses and"
              + " localhost always may.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--issues",
      paramLabel = "N",
      defaultValue = "" + ConsoleSettings.ISSUES,
      description = "Issue times kept for each variable (default: ${DEFAULT-VALUE}).")
  private int issues;

  @Option(
      names = "--mebibytes",
      paramLabel = "N",
      defaultValue = "256",
      description = "Memory for fields; the oldest go first (default: ${DEFAULT-VALUE}).")
  private int mebibytes;

  @Option(names = "--no-browser", description = "Open no browser.")
  private boolean noBrowser;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (issues < 1 || mebibytes < 1) {
      throw new ParameterException(spec.commandLine(), "--issues and --mebibytes are at least 1");
    }
    PipelineSettings read = config.read();
    PipelineSettings pipeline = read.withKafka(brokers.inPlaceOf(read.kafka(), config));
    PrintWriter out = spec.commandLine().getOut();
    ConsoleSettings settings =
        new ConsoleSettings(
            pipeline,
            host,
            choosePort(out),
            names,
            issues,
            (long) mebibytes << 20,
            Optional.empty());
    CountDownLatch ended = new CountDownLatch(1);
    try (Console console = Console.start(settings)) {
      out.println("console on " + console.page() + ", Kafka on " + pipeline.kafka().brokers());
      out.flush();
      if (!noBrowser) {
        Browser.open(console.page());
      }
      ended.await(); // until Ctrl-C ends the process
    }
    return 0;
  }

  private int choosePort(PrintWriter out) {
    boolean elsewhere = !host.equals(ConsoleSettings.LOOPBACK);
    if (elsewhere) {
      return port == null ? ConsoleSettings.PORT : port; // loopback says nothing about it
    }
    OptionalInt asked = port == null ? OptionalInt.empty() : OptionalInt.of(port);
    return Ports.choose(asked, ConsoleSettings.PORT, "console", "--port", out::println);
  }
}
