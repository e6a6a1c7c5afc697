package etesian.ops.cli;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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

  @Mixin private ConfigOption config;

  @Mixin private DataOption data;

  @Option(
      names = "--training",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description = "Longest training of one stream (default: ${DEFAULT-VALUE}).")
  private int trainingSeconds;

  @Option(
      names = "--stream",
      paramLabel = "NAME",
      description = "Only this stream; may be given several times (default: all).")
  private List<String> only = new ArrayList<>();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PipelineSettings settings = config.read();
    Devices.setThreads(settings.device().threads());
    List<StreamSettings> chosen = chosen(settings.streams());
    WeightsStore store = new WeightsStore(settings.weights());
    store.demandWritable(); // not found out when the training is over
    List<Field> fields = new DataFiles(data.paths(), out::println).fields();
    try (TrainingBar bar = new TrainingBar(spec.commandLine().getErr())) {
      FirstWeights trainer = new FirstWeights(Duration.ofSeconds(trainingSeconds), bar);
      List<StreamSettings> streams = new ArrayList<>();
      for (StreamSettings set : chosen) { // all of them, before the first is trained
        streams.add(withGrid(set, fields, out::println));
      }
      for (StreamSettings stream : streams) {
        Weights weights = trainer.train(stream, past(stream, fields));
        out.printf("%s: %s%n", stream.name(), store.location(store.put(weights)));
        out.flush();
      }
    }
    spec.commandLine()
        .getErr()
        .println("what weights are worth says 'etesian evaluate --weights FILE --data FILES'");
    return 0;
  }

  private List<StreamSettings> chosen(List<StreamSettings> all) {
    List<String> names = all.stream().map(StreamSettings::name).toList();
    for (String name : only) {
      if (!names.contains(name)) {
        throw new ParameterException(
            spec.commandLine(),
            "--stream: no '%s' in %s; there are %s"
                .formatted(name, config, String.join(", ", names)));
      }
    }
    return all.stream().filter(each -> only.isEmpty() || only.contains(each.name())).toList();
  }

  /**
   * A stream whose settings leave the grid open gets the only one that its variables are on. For
   * {@code learn}, too.
   *
   * @throws IllegalArgumentException when the fields have nothing for the stream; says what they
   *     have
   */
  static StreamSettings withGrid(StreamSettings stream, List<Field> fields, Consumer<String> say) {
    if (stream.grid() != null) {
      if (fields.stream().noneMatch(stream::takes)) {
        throw new IllegalArgumentException(
            ("stream %s: no field of %s on %s in the training data, which has %s; correct variable,"
                    + " units or grid, name other files, or leave the stream out ('train' does so"
                    + " by --stream with the names of the others)")
                .formatted(stream.name(), named(stream), stream.grid(), contents(fields)));
      }
      return stream;
    }
    Set<Grid> grids = new LinkedHashSet<>();
    for (Field field : fields) {
      if (stream.withGrid(field.frame().grid()).takes(field)) {
        grids.add(field.frame().grid());
      }
    }
    if (grids.isEmpty()) {
      throw new IllegalArgumentException(
          ("stream %s: no field of %s in the training data, which has %s; correct variable or"
                  + " units")
              .formatted(stream.name(), named(stream), contents(fields)));
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
    return stream.withGrid(only);
  }

  private static String named(StreamSettings stream) {
    return stream.variables().stream()
        .map(StreamVariable::toString)
        .collect(Collectors.joining(", "));
  }

  private static String contents(List<Field> fields) {
    Set<String> all = new TreeSet<>();
    for (Field field : fields) {
      Frame frame = field.frame();
      all.add(
          "%s [%s] on %s"
              .formatted(frame.variable().name(), frame.variable().units(), frame.grid()));
    }
    return all.isEmpty() ? "no fields at all" : String.join(", ", all);
  }

  private static List<Field> past(StreamSettings stream, List<Field> fields) {
    boolean limited = !stream.issueFrom().equals(StreamSettings.FROM_THE_FIRST);
    return fields.stream()
        .filter(f -> !limited || f.frame().validAt().isBefore(stream.issueFrom()))
        .toList();
  }
}
