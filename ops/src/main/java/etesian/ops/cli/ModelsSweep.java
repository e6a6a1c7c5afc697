package etesian.ops.cli;

import etesian.ops.models.Sweep;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.settings.PipelineSettings;
import etesian.pipeline.storage.Folder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NotDirectoryException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code models sweep}: files of weights that nobody names. */
@Command(
    name = "sweep",
    mixinStandardHelpOptions = true,
    versionProvider = Etesian.Version.class,
    description = {
      "Lists the files in the folder of the weights that nobody names any more: rejected candidates"
          + " of tuning, states of lessons that are over, and what a job left that failed and"
          + " repeated itself. With --delete they go.",
      "",
      "What ever served stays, and so do first weights, weights from elsewhere, and what a"
          + " checkpoint or savepoint names, in the folder 'state' of the settings and those of"
          + " --savepoints. Nothing is swept where the topics do not tell everything. Brokers that"
          + " share the folder with others do not know what those name: give each set of brokers a"
          + " folder of its own."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  etesian models sweep -c etesian.yaml",
      "  etesian models sweep -c etesian.yaml --delete --older-than P7D"
    })
final class ModelsSweep implements Callable<Integer> {
  /** Longer than any transaction is open. */
  private static final Duration LEAST = Duration.ofHours(1);

  @Spec private CommandSpec spec;
  @Mixin private ModelsPlace place;

  @Option(names = "--delete", description = "Delete them; without it they are only listed.")
  private boolean delete;

  @Option(
      names = "--older-than",
      paramLabel = "DURATION",
      defaultValue = "P1D",
      description =
          "Only files written longer ago: the event of a younger one may be on its way (default:"
              + " ${DEFAULT-VALUE}).")
  private Duration olderThan;

  @Option(
      names = "--savepoints",
      paramLabel = "DIR|URI",
      arity = "1..*",
      description = "Savepoints that lie elsewhere than in 'state'; what they name stays.")
  private List<String> savepoints = List.of();

  @Option(
      names = "--past-unreadable",
      description =
          "Sweep although records of the topics cannot be read; what they spell out as SHA-256"
              + " stays. First look whether the job's version is newer than this one.")
  private boolean pastUnreadable;

  @Option(names = "--json", description = "As one JSON object.")
  private boolean json;

  private Folder demandFolder(String named) throws IOException {
    try {
      Folder folder = Folder.parse(named);
      if (!folder.list().isEmpty()) {
        return folder;
      }
    } catch (NotDirectoryException e) {
      // is told as what is not there
    }
    throw new ParameterException(spec.commandLine(), named + " is no folder that holds anything");
  }

  @Override
  public Integer call() throws IOException {
    if (olderThan.compareTo(LEAST) < 0) {
      throw new ParameterException(spec.commandLine(), "--older-than is at least " + LEAST);
    }
    PrintWriter out = spec.commandLine().getOut();
    WeightsStore store = place.demandedStore();
    List<Folder> saved = new ArrayList<>();
    for (String savepoint : savepoints) {
      saved.add(demandFolder(savepoint));
    }
    place.settings().map(PipelineSettings::state).ifPresent(saved::add);
    Sweep sweep = Sweep.of(place.kafka(), store, saved, pastUnreadable);
    Instant now = Instant.now();
    List<Folder.Entry> orphans = sweep.orphans(olderThan, now);
    List<Folder.Entry> leftovers = sweep.leftovers(olderThan, now);
    List<Folder.Entry> files = new ArrayList<>(leftovers);
    files.addAll(orphans);
    long bytes = files.stream().mapToLong(Folder.Entry::bytes).sum();
    List<String> weights = orphans.stream().map(WeightsStore::sha256).toList();
    if (delete) {
      weights = sweep.delete(olderThan, now);
      for (Folder.Entry file : leftovers) {
        file.delete();
      }
    }
    if (json) {
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("folder", store.toString());
      answer.put("weights_sha256", weights);
      answer.put("leftovers", leftovers.stream().map(Folder.Entry::toString).toList());
      answer.put("bytes", bytes);
      answer.put("deleted", delete);
      out.println(Json.pretty(answer));
    } else {
      files.forEach(out::println);
      out.printf(
          "%d files of %d KiB %s%n",
          files.size(), bytes >> 10, delete ? "deleted" : "that nobody names");
    }
    return 0;
  }
}
