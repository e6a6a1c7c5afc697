package etesian.ops.cli;

import etesian.ingest.field.Field;
import etesian.ops.run.DataFiles;
import etesian.ops.study.LearningStudy;
import etesian.ops.study.LearningStudy.Row;
import etesian.pipeline.settings.PipelineSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code learn}: what learning on the stream is worth on a real series. */
@Command(
    name = "learn",
    mixinStandardHelpOptions = true,
    versionProvider = Etesian.Version.class,
    description = {
      "What learning while it runs is worth on a real series, beside references.",
      "",
      "Trains the streams of etesian.yaml on the first 70 %% of NetCDF files, streams the last 30"
          + " %% past them, and prints root-mean-square errors: references, frozen, and learning as"
          + " the setting 'tuning' says, for each seed: with every change judged by the sequential"
          + " test; likewise, but trained on the first half of the first part and learning since;"
          + " and with every lesson taken untested."
    },
    footerHeading = "%nExample:%n",
    footer = "  etesian learn -c etesian.yaml --data sst.nc --leads 1,4,12 --seeds 1,2,3")
final class LearnCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private ConfigOption config;

  @Mixin private DataOption data;

  @Option(
      names = "--leads",
      split = ",",
      defaultValue = "1,4,12",
      description = "Ascending, in steps (default: ${DEFAULT-VALUE}).")
  private int[] leads;

  @Option(
      names = "--seeds",
      split = ",",
      defaultValue = "1",
      description = "Of learning (default: ${DEFAULT-VALUE}).")
  private long[] seeds;

  @Option(
      names = "--training",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "Longest first training (default: ${DEFAULT-VALUE}).")
  private int trainingSeconds;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    for (int i = 0; i < leads.length; i++) {
      if (leads[i] <= (i == 0 ? 0 : leads[i - 1])) {
        throw new ParameterException(spec.commandLine(), "--leads ascend from 1 on, got " + text());
      }
    }
    PipelineSettings settings = config.read();
    List<Field> all = new DataFiles(data.paths(), out::println).fields();
    List<StreamSettings> streams = new ArrayList<>();
    for (StreamSettings set : settings.streams()) { // all of them, before the first is studied
      streams.add(TrainCommand.withGrid(set, all, out::println));
    }
    Path folder = Files.createTempDirectory("etesian-learn");
    for (StreamSettings stream : streams) {
      List<Field> fields = all.stream().filter(stream::takes).map(stream::onGrid).toList();
      LearningStudy study =
          new LearningStudy(stream, fields, leads, folder, Duration.ofSeconds(trainingSeconds));
      out.printf("%s, RMSE in %s at leads of %s steps%n", stream.name(), stream.units(), text());
      Consumer<Row> table =
          row -> {
            StringBuilder line = new StringBuilder(String.format("%-34s", row.name()));
            for (double rmse : row.rmse()) {
              line.append(String.format(Locale.ROOT, "%9.4f", rmse));
            }
            out.println(line.append("  ").append(row.note()));
            out.flush();
          };
      study.references(table);
      String frozen = study.frozen(fields, table);
      if (stream.tuning().on()) {
        for (long seed : seeds) {
          TuningSettings tuning = stream.tuning().withSeed(seed);
          String name = "%s, %%s, seed %d".formatted(stream.model(), seed);
          study.learning(name.formatted("learning"), true, frozen, tuning, table);
          study.rehearsed(name.formatted("learning for longer"), fields, tuning, table);
          study.learning(name.formatted("untested"), false, frozen, tuning, table);
        }
      }
    }
    return 0;
  }

  private String text() {
    List<String> texts = new ArrayList<>();
    for (int lead : leads) {
      texts.add(Integer.toString(lead));
    }
    return String.join(", ", texts);
  }
}
