package etesian.ops.cli;

import etesian.operators.Devices;
import etesian.ops.bench.Machine;
import etesian.ops.bench.Table;
import etesian.ops.compare.Contest;
import etesian.ops.compare.Task;
import etesian.ops.compare.Tasks;
import etesian.ops.compare.Variant;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code compare}: which variant of M2NO learns some data best. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    versionProvider = Etesian.Version.class,
    description = {
      "Trains the variants of M2NO for equally many updates and prints the relative L2 error of the"
          + " next field on times that were not learned from, beside persistence.",
      "",
      "Without --data the field is the vorticity of forced two-dimensional flows at viscosity 1e-5,"
          + " solved on the spot."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  etesian compare --updates 1000",
      "  etesian compare --data archive/ --variant TENSOR --variant RESHAPE --json"
    })
final class Compare implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "FILE|DIR",
      description = "NetCDF files; every regular series in them is a task.")
  private List<Path> data = new ArrayList<>();

  @Option(
      names = "--variant",
      paramLabel = "NAME",
      description = "One of ${COMPLETION-CANDIDATES}; may be given several times (default: all).")
  private List<Variant> variants = new ArrayList<>();

  @Option(
      names = "--flows",
      defaultValue = "64",
      description = "Flows to solve, a multiple of 8 (default: ${DEFAULT-VALUE}).")
  private int flows;

  @Option(
      names = "--updates",
      defaultValue = "1000",
      description = "Updates of the parameters, at least (default: ${DEFAULT-VALUE}).")
  private int updates;

  @Option(
      names = "--batch",
      defaultValue = "16",
      description = "Pairs of an update (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--rate",
      defaultValue = "1e-3",
      description = "Learning rate at the beginning (default: ${DEFAULT-VALUE}).")
  private double rate;

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--threads", description = "CPU threads (default: all cores).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--json", description = "{machine, seed, results: [{task, variant, ...}]}")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Devices.setThreads(threads);
    Machine machine = Machine.here();
    Contest contest = new Contest(updates, batch, rate, seed);
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Task task : tasks(err)) {
      rows.add(row(task, "persistence", Map.of("test", contest.persistence(task))));
      for (Variant variant : variants.isEmpty() ? List.of(Variant.values()) : variants) {
        try (WorkBar bar = new WorkBar(err, task.name() + ", " + variant)) {
          rows.add(row(task, variant.toString(), contest.train(task, variant, bar::at)));
        }
      }
    }
    if (json) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("machine", machine);
      report.put("seed", seed);
      report.put("results", rows);
      out.println(Json.pretty(report));
    } else {
      Table.lines(rows).forEach(out::println);
    }
    return 0;
  }

  private List<Task> tasks(PrintWriter err) {
    if (!data.isEmpty()) {
      return Tasks.ofFiles(data, err::println);
    }
    try (WorkBar bar = new WorkBar(err, "solving " + flows + " flows")) {
      return List.of(Tasks.flow(flows, seed, bar::at));
    }
  }

  private static Map<String, Object> row(Task task, String variant, Map<String, Object> figures) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("task", task.name());
    row.put("variant", variant);
    row.putAll(figures);
    return row;
  }
}
