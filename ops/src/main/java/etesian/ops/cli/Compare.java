package etesian.ops.cli;

import etesian.ingest.field.Check;
import etesian.operators.Devices;
import etesian.ops.bench.Machine;
import etesian.ops.bench.MemoryPolicy;
import etesian.ops.bench.OwnProcess;
import etesian.ops.bench.Table;
import etesian.ops.compare.Challenge;
import etesian.ops.compare.Challenges;
import etesian.ops.compare.Contest;
import etesian.ops.compare.Match;
import etesian.ops.compare.Task;
import etesian.ops.compare.Tasks;
import etesian.ops.compare.Variant;
import etesian.pipeline.settings.ModelKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code compare}: which model, or which variant of M2NO, learns some data best. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    versionProvider = Etesian.Version.class,
    description = {
      "Which model, or which variant of M2NO, learns your data best.",
      "",
      "With --budget: trains M2NO, FNO, TFNO, UNO, SFNO and NSM for the same wall time, each in its"
          + " own process, and prints the relative L2 error of rollouts that begin in times that"
          + " were not learned from, after one step and after the last, beside persistence;"
          + " parameters, time and memory of a step, time and memory of the training. On the"
          + " vorticity of forced flows, and on every regular series in --data. On the flows also"
          + " l2_1_at_64 and l2_1_at_128: one step of other flows, with the same weights on the"
          + " grid that they learned on and on one twice as fine, for networks that take any grid.",
      "",
      "Without: trains the variants of M2NO for equally many updates and prints the relative L2"
          + " error of the next field, on --data or else on the flows."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  etesian compare --budget 40 --cache flows --data archive/",
      "  etesian compare --updates 1000",
      "  etesian compare --data archive/ --variant TENSOR --variant RESHAPE --json"
    })
final class Compare implements Callable<Integer> {
  private static final String HEAP = "1500m";

  /** Options that only one of the two comparisons asks for. */
  private static final List<String> OF_KINDS = List.of("--model", "--rollout", "--cache");

  private static final List<String> OF_VARIANTS =
      List.of("--variant", "--updates", "--batch", "--rate");

  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "FILE|DIR",
      arity = "1..*",
      description = "NetCDF files or folders, one or more; every regular series in them is a task.")
  private List<Path> data = new ArrayList<>();

  @Option(
      names = "--variant",
      paramLabel = "NAME",
      description =
          "Without --budget: one of ${COMPLETION-CANDIDATES}; may be given several times (default:"
              + " all).")
  private List<Variant> variants = new ArrayList<>();

  @Option(
      names = "--budget",
      paramLabel = "SECONDS",
      description = "Wall time of a training; compares kinds of models.")
  private Double budget;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      converter = KindConverter.class,
      description =
          "With --budget: m2no, fno, tfno, uno, sfno or nsm; may be given several times (default:"
              + " all that make sense).")
  private List<ModelKind> models = new ArrayList<>();

  @Option(
      names = "--rollout",
      paramLabel = "STEPS",
      defaultValue = "10",
      description =
          "With --budget: steps of a rollout, on the flows at most 20 (default: ${DEFAULT-VALUE}).")
  private int rollout;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      defaultValue = "flows",
      description =
          "With --budget: folder of the flows, which are solved once (default: ${DEFAULT-VALUE}).")
  private Path cache;

  /** How the command starts itself: one model on this challenge. */
  @Option(names = "--in-this-process", hidden = true)
  private String only;

  @Option(
      names = "--flows",
      defaultValue = "64",
      description =
          "Flows to solve, a multiple of 8; 0 for none, with --budget and --data (default:"
              + " ${DEFAULT-VALUE}).")
  private int flows;

  @Option(
      names = "--updates",
      defaultValue = "1000",
      description =
          "Without --budget: updates of the parameters, at least (default: ${DEFAULT-VALUE}).")
  private int updates;

  @Option(
      names = "--batch",
      defaultValue = "16",
      description = "Without --budget: pairs of an update (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--rate",
      defaultValue = "1e-3",
      description = "Without --budget: learning rate at the beginning (default: ${DEFAULT-VALUE}).")
  private double rate;

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--threads", description = "CPU threads (default: all cores).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--json", description = "{machine, seed, results: [{task, variant, ...}]}")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    check();
    Devices.setThreads(threads);
    if (only != null) {
      Challenge challenge =
          challenges(message -> {}).stream()
              .filter(known -> known.name().equals(only))
              .findAny()
              .orElseThrow();
      out.println(Json.line(match().play(challenge, models.get(0))));
      return 0;
    }
    Machine machine = Machine.here();
    List<Map<String, Object>> rows = budget == null ? variants() : models();
    if (json) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("machine", machine);
      report.put("threads", threads);
      report.put("seed", seed);
      report.put("results", rows);
      out.println(Json.pretty(report));
    } else {
      Table.lines(rows).forEach(out::println);
    }
    return 0;
  }

  private void check() {
    List<String> idle = budget == null ? OF_KINDS : OF_VARIANTS;
    for (String option : idle) {
      demand(
          !spec.commandLine().getParseResult().hasMatchedOption(option),
          "%s means nothing %s --budget",
          option,
          budget == null ? "without" : "with");
    }
    if (budget == null) {
      return;
    }
    demand(budget > 0, "a budget of %s s, expected more than 0", budget);
    demand(rollout > 0, "rollouts of %d steps, expected at least 1", rollout);
    demand(flows >= 0, "%d flows, expected a multiple of 8, or 0 for none", flows);
    demand(flows > 0 || !data.isEmpty(), "neither flows nor --data: there is nothing to learn");
    demand(
        flows == 0 || rollout <= Challenges.LONGEST_ON_FLOWS,
        "rollouts of %d steps, expected at most %d: the flows are no longer; --flows 0 leaves them"
            + " out",
        rollout,
        Challenges.LONGEST_ON_FLOWS);
  }

  private void demand(boolean met, String message, Object... details) {
    if (!met) {
      throw new ParameterException(spec.commandLine(), message.formatted(details));
    }
  }

  private List<Map<String, Object>> variants() {
    PrintWriter err = spec.commandLine().getErr();
    Contest contest = new Contest(updates, batch, rate, seed);
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Task task : tasks(err)) {
      rows.add(
          row(task.name(), "variant", "persistence", Map.of("test", contest.persistence(task))));
      for (Variant variant : variants.isEmpty() ? List.of(Variant.values()) : variants) {
        try (WorkBar bar = new WorkBar(err, task.name() + ", " + variant)) {
          Map<String, Object> figures = contest.train(task, variant, bar::at);
          rows.add(row(task.name(), "variant", variant.toString(), figures));
        }
      }
    }
    return rows;
  }

  private Match match() {
    return new Match(Duration.ofMillis(Math.round(1e3 * budget)), seed, rollout);
  }

  private List<Map<String, Object>> models() throws IOException, InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    Match match = match();
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Challenge challenge : challenges(err::println)) {
      String name = challenge.name();
      rows.add(row(name, "model", "persistence", match.persistence(challenge)));
      for (ModelKind kind : challenge.models()) {
        if (models.isEmpty() || models.contains(kind)) {
          rows.add(row(name, "model", kind.toString(), played(name, kind)));
          err.println(Json.line(rows.get(rows.size() - 1))); // a table takes minutes
          err.flush();
        }
      }
    }
    return rows;
  }

  private List<Challenge> challenges(Consumer<String> say) {
    List<Challenge> challenges = new ArrayList<>();
    if (flows > 0) {
      PrintWriter err = spec.commandLine().getErr();
      try (WorkBar bar = WorkBar.ofWorkThatMayBeDone(err, "solving " + flows + " flows")) {
        challenges.add(Challenges.flow(cache, flows, seed, bar::at));
      }
    }
    if (!data.isEmpty()) {
      challenges.addAll(Challenges.ofFiles(data, say));
    }
    return challenges;
  }

  private Map<String, Object> played(String challenge, ModelKind kind)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("compare", "--in-this-process", challenge));
    arguments.addAll(List.of("--budget", budget.toString(), "--model", kind.toString()));
    arguments.addAll(List.of("--rollout", Integer.toString(rollout)));
    arguments.addAll(List.of("--cache", cache.toString(), "--flows", Integer.toString(flows)));
    arguments.addAll(List.of("--seed", Long.toString(seed)));
    arguments.addAll(List.of("--threads", Integer.toString(threads)));
    data.forEach(path -> arguments.addAll(List.of("--data", path.toString())));
    String printed =
        OwnProcess.output(MemoryPolicy.AS_IS, HEAP, Etesian.class.getName(), arguments);
    Map<String, Object> figures = new LinkedHashMap<>();
    ((Map<?, ?>) Json.parse(printed.getBytes(StandardCharsets.UTF_8)))
        .forEach((key, value) -> figures.put(key.toString(), value));
    return figures;
  }

  private List<Task> tasks(PrintWriter err) {
    if (!data.isEmpty()) {
      return Tasks.ofFiles(data, err::println);
    }
    try (WorkBar bar = new WorkBar(err, "solving " + flows + " flows")) {
      return List.of(Tasks.flow(flows, seed, bar::at));
    }
  }

  private static Map<String, Object> row(
      String task, String what, String name, Map<String, Object> figures) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("task", task);
    row.put(what, name);
    row.putAll(figures);
    return row;
  }

  /** As settings write them; S-MNN gives all leads at once and is no such model. */
  static final class KindConverter implements ITypeConverter<ModelKind> {
    @Override
    public ModelKind convert(String text) {
      try {
        ModelKind kind = ModelKind.of(text);
        Check.that(kind != ModelKind.SMNN, "'smnn' gives all leads at once and is no network here");
        return kind;
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
