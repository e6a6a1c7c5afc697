package etesian.ops.cli;

import etesian.ops.cluster.ClusterJars;
import etesian.ops.cluster.RemoteFlink;
import etesian.ops.run.ClusterJob;
import etesian.ops.run.JobRunner;
import etesian.ops.run.Stack;
import etesian.ops.run.Supervision;
import etesian.pipeline.settings.PipelineSettings;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.flink.api.common.JobID;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
      "With --cluster the job is sent to a Flink that runs already, whose folder lib holds what"
          + " 'etesian package' wrote, and this command ends when every task of it runs. Weights and"
          + " state then have to lie where both reach them: an object store, or a disk by the same path.",
      "",
      "Otherwise it ends with Ctrl-C. Started again on the same brokers, it goes on from its last checkpoint in"
          + " the folder of the setting 'state'."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  etesian run -c etesian.yaml",
      "  etesian run -c etesian.yaml --cluster jobmanager:8081"
    })
final class RunCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Spec private CommandSpec spec;

  @Mixin private ConfigOption config;

  @Option(
      names = "--cluster",
      paramLabel = "HOST:PORT",
      description = "REST interface of the JobManager to send the job to.")
  private String cluster;

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "With --cluster: of the stations that can share their work (default: ${DEFAULT-VALUE}).")
  private int parallelism;

  @Mixin private PortOptions ports;

  @Override
  public Integer call() throws Exception {
    if (parallelism < 1) {
      throw new ParameterException(spec.commandLine(), "--parallelism is at least 1");
    }
    PipelineSettings settings = config.read();
    return cluster == null ? runHere(settings) : submit(settings);
  }

  private int submit(PipelineSettings settings) throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    ClusterJob.demandRemote(settings);
    RemoteFlink flink = RemoteFlink.at(cluster);
    StreamExecutionEnvironment env = flink.environment();
    JobRunner.define(env, settings, parallelism, Integer.MAX_VALUE, Optional.of(settings.state()));
    JobID job = flink.submit(env, settings.job(), ClusterJars.here());
    flink.awaitRunning(job, PATIENCE, out::println);
    out.printf(
        "job %s runs: Kafka on %s, Flink on %s/#/job/%s%n",
        job, settings.kafka().brokers(), flink.rest().page(), job);
    return 0;
  }

  private int runHere(PipelineSettings settings) throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try (Stack stack =
        Stack.start(settings.kafka(), ports.choose(out::println), settings.slotsNeeded())) {
      JobID job =
          JobRunner.submit(
              settings.withKafka(stack.kafka()),
              stack,
              Integer.MAX_VALUE,
              settings.kafka().embedded() ? Optional.empty() : Optional.of(settings.state()));
      String where =
          "Kafka on %s, Flink on %s, metrics on %s"
              .formatted(stack.kafka().brokers(), stack.flink().rest(), stack.flink().metrics());
      Optional<String> failure =
          new Supervision(
                  stack.flink(),
                  job,
                  () -> say(out, "job " + job + " runs: " + where),
                  cause -> say(err, "the job failed and is started again: " + cause))
              .untilTheEnd();
      failure.ifPresent(cause -> say(err, "the job failed: " + cause));
      return failure.isPresent() ? 1 : 0;
    }
  }

  private static void say(PrintWriter to, String line) {
    to.println(line);
    to.flush();
  }
}
