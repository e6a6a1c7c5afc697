package etesian.ops.cli;

import etesian.ops.run.JobRunner;
import etesian.ops.run.Stack;
import etesian.pipeline.settings.PipelineSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.flink.api.common.JobID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code run}: the job, as the settings say, until it is stopped. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    versionProvider = Etesian.Version.class,
    description = {
      "Runs the streams of etesian.yaml on the brokers it names, or on an embedded one, with an"
          + " embedded Flink. Streams need first weights: 'etesian train' makes them.",
      "",
      "Ends with Ctrl-C. Started again on the same brokers, it goes on from its last checkpoint in"
          + " the folder of the setting 'state'."
    },
    footerHeading = "%nExample:%n",
    footer = "  etesian run -c etesian.yaml")
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      required = true,
      description = "The settings; docs/settings.md lists the keys.")
  private Path config;

  @Mixin private PortOptions ports;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    PipelineSettings settings = PipelineSettings.read(config);
    try (Stack stack = Stack.start(settings.kafka(), ports.choose(out::println), 1)) {
      JobID job =
          JobRunner.submit(
              settings.with(stack.kafka()),
              stack,
              Integer.MAX_VALUE,
              settings.kafka().embedded() ? Optional.empty() : Optional.of(settings.state()));
      out.printf(
          "job %s runs: Kafka on %s, Flink on %s, metrics on %s%n",
          job, stack.kafka().brokers(), stack.flink().rest(), stack.flink().metrics());
      out.flush();
      stack.flink().result(job).get();
      return stack.flink().failure(job).map(this::report).orElse(0);
    }
  }

  private int report(String failure) {
    spec.commandLine().getErr().println("the job failed: " + failure);
    return 1;
  }
}
