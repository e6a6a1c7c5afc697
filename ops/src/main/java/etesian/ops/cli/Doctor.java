package etesian.ops.cli;

import etesian.ops.doctor.BrokerChecks;
import etesian.ops.doctor.Finding;
import etesian.ops.doctor.MachineChecks;
import etesian.ops.run.FirstChampions;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.settings.PipelineSettings;
import etesian.pipeline.settings.SettingsException;
import etesian.pipeline.settings.StreamSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code doctor}: one line a check, and what to do about it. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    versionProvider = Etesian.Version.class,
    description = {
      "Checks this machine, and a set-up before it runs.",
      "",
      "Java, memory, disk, ports, libtorch and NetCDF always; the settings and the weights with -c;"
          + " the brokers and our topics when -c or --brokers names some."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:no check failed (warnings may be there)", "1:a check failed"})
final class Doctor implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "Settings, etesian.yaml.")
  private Path settings;

  @Option(names = "--brokers", paramLabel = "HOST:PORT[,...]", description = "Kafka brokers.")
  private String brokers;

  @Option(names = "--client", paramLabel = "FILE", description = "Kafka client properties.")
  private Path client;

  @Option(names = "--json", description = "A JSON array of {check, state, found, remedy}.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    List<Finding> findings = new ArrayList<>(MachineChecks.all());
    Duration transactionTimeout = Duration.ofMinutes(10);
    Map<String, Object> kafka = new TreeMap<>();
    if (settings != null) {
      try {
        PipelineSettings read = PipelineSettings.read(settings);
        findings.add(
            new Finding(
                "settings",
                Finding.State.OK,
                settings + ": " + read.streams().size() + " streams",
                ""));
        read.streams().forEach(stream -> findings.add(weights(read, stream)));
        transactionTimeout = read.kafka().transactionTimeout();
        if (!read.kafka().embedded()) {
          read.kafka().client().forEach((key, value) -> kafka.put(key.toString(), value));
        }
      } catch (SettingsException e) {
        for (String problem : e.problems()) {
          findings.add(new Finding("settings", Finding.State.FAIL, problem, "correct " + settings));
        }
      }
    }
    if (client != null) {
      kafka.putAll(Brokers.read(client));
    }
    if (brokers != null) {
      kafka.put("bootstrap.servers", brokers);
    }
    if (kafka.containsKey("bootstrap.servers")) {
      findings.addAll(BrokerChecks.all(kafka, transactionTimeout));
    }
    print(findings);
    return findings.stream().anyMatch(f -> f.state() == Finding.State.FAIL) ? 1 : 0;
  }

  private Finding weights(PipelineSettings read, StreamSettings stream) {
    WeightsStore store = new WeightsStore(read.weights());
    Optional<String> newest;
    try {
      newest = FirstChampions.newest(store, stream);
    } catch (UncheckedIOException e) {
      return new Finding(
          "weights", Finding.State.FAIL, Etesian.said(e), "correct 'weights' in " + settings);
    }
    return newest
        .map(
            sha256 ->
                new Finding(
                    "weights",
                    Finding.State.OK,
                    "%s fit stream %s".formatted(sha256.substring(0, 8), stream.name()),
                    ""))
        .orElseGet(
            () ->
                new Finding(
                    "weights",
                    Finding.State.WARN,
                    "none in %s fit stream %s".formatted(store, stream.name()),
                    "'etesian train -c %s --data FILES' makes them, unless it has a champion already"
                        .formatted(settings)));
  }

  private void print(List<Finding> findings) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.pretty(findings));
      return;
    }
    int width = findings.stream().mapToInt(f -> f.check().length()).max().orElse(0);
    for (Finding finding : findings) {
      String colour =
          switch (finding.state()) {
            case OK -> "green";
            case WARN -> "yellow";
            case FAIL -> "red,bold";
          };
      String state = Ansi.AUTO.string("@|%s %-4s|@".formatted(colour, finding.state().word()));
      out.printf("%s  %-" + width + "s  %s%n", state, finding.check(), finding.found());
      if (!finding.remedy().isEmpty()) {
        out.printf("      %" + width + "s  -> %s%n", "", finding.remedy());
      }
    }
    out.flush();
  }
}
