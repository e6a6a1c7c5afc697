package etesian.ops.cli;

import etesian.ingest.field.Field;
import etesian.ingest.field.Grid;
import etesian.operators.Devices;
import etesian.operators.Weights;
import etesian.ops.run.DataFiles;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.settings.PipelineSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.StreamVariable;
import etesian.pipeline.tune.FirstWeights;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
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
      "Trains first weights for every stream of etesian.yaml on NetCDF files and keeps them in the"
          + " folder of the setting 'weights'. 'etesian run' makes the newest that fit a stream its"
          + " champion, if it has none.",
      "",
      "Only fields before a stream's issue_from are used, when it is set."
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
    try (TrainingBar bar = new TrainingBar(spec.commandLine().getErr())) {
      FirstWeights trainer = new FirstWeights(Duration.ofSeconds(trainingSeconds), bar);
      for (StreamSettings set : settings.streams()) {
        StreamSettings stream = withGrid(set, fields, out::println);
        Weights weights = trainer.train(stream, past(stream, fields));
        out.printf("%s: %s%n", stream.name(), store.file(store.put(weights)));
        out.flush();
      }
    }
    return 0;
  }

  /** A stream whose settings leave the grid open gets the only one that its variables are on. */
  static StreamSettings withGrid(StreamSettings stream, List<Field> fields, Consumer<String> say) {
    if (stream.grid() != null) {
      return stream;
    }
    Set<Grid> grids = new LinkedHashSet<>();
    for (Field field : fields) {
      if (stream.on(field.frame().grid()).takes(field)) {
        grids.add(field.frame().grid());
      }
    }
    if (grids.isEmpty()) {
      throw new IllegalArgumentException(
          ("stream %s: no field of %s in the training data, which has %s; correct variable or"
                  + " units")
              .formatted(stream.name(), named(stream), variables(fields)));
    }
    if (grids.size() > 1) {
      throw new IllegalArgumentException(
          ("stream %s: %s is on %d grids in the training data (%s);"
                  + " set the stream's grid to one of them")
              .formatted(
                  stream.name(),
                  named(stream),
                  grids.size(),
                  grids.stream().map(Grid::toString).collect(Collectors.joining("; "))));
    }
    Grid only = grids.iterator().next();
    say.accept("%s: grid %s, the only one of %s".formatted(stream.name(), only, named(stream)));
    return stream.on(only);
  }

  private static String named(StreamSettings stream) {
    return stream.variables().stream()
        .map(StreamVariable::toString)
        .collect(Collectors.joining(", "));
  }

  private static Set<String> variables(List<Field> fields) {
    return fields.stream()
        .map(field -> field.frame().variable())
        .map(variable -> "%s [%s]".formatted(variable.name(), variable.units()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<Field> past(StreamSettings stream, List<Field> fields) {
    boolean limited = !stream.issueFrom().equals(StreamSettings.FROM_THE_FIRST);
    return fields.stream()
        .filter(f -> !limited || f.frame().validAt().isBefore(stream.issueFrom()))
        .toList();
  }
}
