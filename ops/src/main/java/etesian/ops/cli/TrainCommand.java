package etesian.ops.cli;

import etesian.ingest.field.Field;
import etesian.operators.Devices;
import etesian.operators.Weights;
import etesian.ops.run.DataFiles;
import etesian.ops.run.FirstChampions;
import etesian.ops.run.JobRunner;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.settings.PipelineSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.tune.FirstWeights;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code train}: first weights for the streams of a file of settings. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    versionProvider = Etesian.Version.class,
    description = {
      "Trains first weights for every stream of etesian.yaml on NetCDF files, keeps them in the"
          + " folder of the setting 'weights' and, unless the brokers are embedded, makes them"
          + " the champions of their streams.",
      "",
      "Only fields before a stream's issue_from are used, when it is set. Each stream needs a grid."
    },
    footerHeading = "%nExample:%n",
    footer = "  etesian train -c etesian.yaml --data archive/")
final class TrainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      required = true,
      description = "The settings; docs/settings.md lists the keys.")
  private Path config;

  @Option(
      names = "--data",
      paramLabel = "FILE|DIR",
      required = true,
      description = "NetCDF files; may be given several times.")
  private List<Path> data = new ArrayList<>();

  @Option(
      names = "--training",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description = "Longest training of one stream (default: ${DEFAULT-VALUE}).")
  private int trainingSeconds;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PipelineSettings settings = PipelineSettings.read(config);
    Devices.setThreads(settings.device().threads());
    WeightsStore store = new WeightsStore(settings.weights());
    List<Field> fields = new DataFiles(data, out::println).fields();
    if (!settings.kafka().embedded()) {
      JobRunner.prepareBrokers(settings);
    }
    try (TrainingBar bar = new TrainingBar(spec.commandLine().getErr())) {
      FirstWeights trainer = new FirstWeights(Duration.ofSeconds(trainingSeconds), bar);
      for (StreamSettings stream : settings.streams()) {
        Weights weights = trainer.train(stream, past(stream, fields));
        if (settings.kafka().embedded()) {
          out.printf("%s: %s%n", stream.name(), store.file(store.put(weights)));
        } else {
          Champion champion = FirstChampions.crown(settings.kafka(), stream, store, weights);
          out.printf("%s: %s, now champion%n", stream.name(), store.file(champion.weightsSha256()));
        }
        out.flush();
      }
    }
    return 0;
  }

  private static List<Field> past(StreamSettings stream, List<Field> fields) {
    boolean limited = !stream.issueFrom().equals(StreamSettings.FROM_THE_FIRST);
    return fields.stream()
        .filter(f -> !limited || f.frame().validAt().isBefore(stream.issueFrom()))
        .toList();
  }
}
