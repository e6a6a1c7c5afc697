package etesian.ops.cli;

import etesian.operators.Devices;
import etesian.ops.bench.Case;
import etesian.ops.bench.Machine;
import etesian.ops.bench.MemoryPolicy;
import etesian.ops.bench.OwnProcess;
import etesian.ops.bench.Suite;
import etesian.ops.bench.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code bench}: figures with what they depend on. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    versionProvider = Etesian.Version.class,
    subcommands = {BenchChaos.class, BenchTuning.class},
    description = {
      "Measures time and memory. Every case runs in a process of its own, because the allocator"
          + " reads its settings at the start of one.",
      "",
      "m2no, fno: forward passes and gradients; smnn: the solver and its adjoint; decode: files"
          + " become fields; stream: the whole job beside its model and its broker alone; rollout:"
          + " how soon a long forecast begins, and what it needs; checkpoint: what checkpoints cost"
          + " the stream; soak: whether many passes leave memory behind."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  etesian bench smnn",
      "  etesian bench m2no --threads 2 --case 512x512 --memory kept --peer traced_512.pt --json"
    })
final class Bench implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "One of ${COMPLETION-CANDIDATES}.")
  private Suite suite; // missing where the subcommand is meant

  @Option(
      names = "--case",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Only cases whose name contains this.")
  private String filter;

  @Option(
      names = "--repeats",
      defaultValue = "5",
      description = "At least so many passes (default: ${DEFAULT-VALUE}).")
  private int repeats;

  @Option(
      names = "--seconds",
      defaultValue = "5",
      description = "At least so long a case, without warm-up (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--threads",
      description = "CPU threads of an operation of libtorch (default: all cores).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--memory",
      paramLabel = "POLICY",
      converter = PolicyConverter.class,
      description = {
        "returned: freed tensors go back to the system; kept: they wait for the next; as-is: as the"
            + " environment says (default: all that matter)."
      })
  private List<MemoryPolicy> policies = new ArrayList<>();

  @Option(
      names = "--peer",
      paramLabel = "FILE",
      description =
          "m2no, fno: the published model, traced for one grid by torch.jit.trace, to be timed"
              + " beside ours in the same process; may be given several times; for fno named"
              + " fno_GRID_hHIDDEN_mMODES_bBATCH.pt, as ops/bench/python/fno.py makes them, and only"
              + " their sizes are timed. stream:"
              + " a program that does the same, ops/bench/python/stream.py.")
  private List<Path> peers = new ArrayList<>();

  @Option(
      names = "--json",
      description =
          "{benchmark, machine, threads, memory: {policy: variables}, results: [{case,...}]}")
  private boolean json;

  /** How the command starts itself: measures this one case and prints its figures. */
  @Option(names = "--in-this-process", hidden = true)
  private String only;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    if (suite == null) {
      throw new ParameterException(
          spec.commandLine(), "expected chaos, tuning or one of " + List.of(Suite.values()));
    }
    Case.Limits limits = limits();
    if (only != null) {
      Devices.setThreads(threads);
      out.println(Json.line(suite.named(only, peers).measure(limits)));
      return 0;
    }
    if (policies.isEmpty()) {
      policies = suite.policies();
    }
    Machine machine = Machine.here();
    List<Map<String, Object>> rows = measureAll();
    Map<String, Object> environment = new LinkedHashMap<>();
    policies.forEach(policy -> environment.put(policy.toString(), policy.variables()));
    if (json) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("benchmark", suite.toString());
      report.put("machine", machine);
      report.put("threads", threads);
      report.put("memory", environment);
      report.put("results", rows);
      out.println(Json.pretty(report));
    } else {
      Table.lines(rows).forEach(out::println);
      out.println();
      out.printf(
          "%s, %d cores, load %.1f, %d threads, %s%n",
          machine.processor(), machine.cores(), machine.load(), threads, machine.system());
      out.printf(
          "Java %s, %s, libtorch %s, huge pages %s%n",
          machine.java(), machine.collector(), machine.libtorch(), machine.transparentHugePages());
      environment.forEach((policy, variables) -> out.printf("%s: %s%n", policy, variables));
    }
    return 0;
  }

  private Case.Limits limits() {
    try {
      return new Case.Limits(repeats, seconds);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private List<Map<String, Object>> measureAll() throws IOException, InterruptedException {
    List<String> names =
        suite.cases(peers).stream().map(Case::name).filter(n -> n.contains(filter)).toList();
    if (names.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "no case of %s contains '%s'".formatted(suite, filter));
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    for (MemoryPolicy policy : policies) {
      for (String name : names) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("case", name);
        row.put("memory", policy.toString());
        row.putAll(measure(name, policy));
        rows.add(row);
        spec.commandLine().getErr().println(Json.line(row)); // a suite takes minutes
        spec.commandLine().getErr().flush();
      }
    }
    return rows;
  }

  private Map<String, Object> measure(String name, MemoryPolicy policy)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("bench", suite.toString()));
    arguments.addAll(List.of("--in-this-process", name));
    arguments.addAll(List.of("--repeats", Integer.toString(repeats)));
    arguments.addAll(List.of("--seconds", Double.toString(seconds)));
    arguments.addAll(List.of("--threads", Integer.toString(threads)));
    peers.forEach(peer -> arguments.addAll(List.of("--peer", peer.toString())));
    String printed = OwnProcess.output(policy, suite.heap(), Etesian.class.getName(), arguments);
    Map<String, Object> figures = new LinkedHashMap<>();
    ((Map<?, ?>) Json.parse(printed.getBytes(StandardCharsets.UTF_8)))
        .forEach((key, value) -> figures.put(key.toString(), value));
    return figures;
  }

  /** As they are printed. */
  static final class PolicyConverter implements ITypeConverter<MemoryPolicy> {
    @Override
    public MemoryPolicy convert(String text) {
      for (MemoryPolicy policy : MemoryPolicy.values()) {
        if (policy.toString().equals(text)) {
          return policy;
        }
      }
      throw new TypeConversionException(
          "'" + text + "', expected one of " + List.of(MemoryPolicy.values()));
    }
  }
}
