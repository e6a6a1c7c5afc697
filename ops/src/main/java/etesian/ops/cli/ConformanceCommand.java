package etesian.ops.cli;

import etesian.operators.conformance.CaseResult;
import etesian.operators.conformance.Conformance;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code conformance}: golden vectors against the operators. */
@Command(
    name = "conformance",
    mixinStandardHelpOptions = true,
    versionProvider = Etesian.Version.class,
    description = {
      "Runs every golden .npz file below a folder against the operators and shows how far they are"
          + " from what reference programs computed.",
      "",
      "A file that no runner knows counts as failed."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:every case passed", "1:a case failed, or there was none"},
    footerHeading = "%nExample:%n",
    footer = "  etesian conformance golden/m2no --json | jq .failed")
final class ConformanceCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "A folder of .npz files, or one such file.")
  private Path folder;

  @Option(
      names = "--json",
      description = "{passed, failed, cases: [{case, kind, error, tolerance, pass, note}]}")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (!Files.exists(folder)) {
      throw new ParameterException(spec.commandLine(), "there is no " + folder);
    }
    PrintWriter out = spec.commandLine().getOut();
    List<CaseResult> results = Conformance.run(folder, result -> line(result, out));
    long passed = results.stream().filter(CaseResult::pass).count();
    long failed = results.size() - passed;
    if (json) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("passed", passed);
      report.put("failed", failed);
      report.put("cases", results.stream().map(ConformanceCommand::object).toList());
      out.println(Json.pretty(report));
    } else {
      out.printf("%d passed, %d failed%n", passed, failed);
    }
    if (results.isEmpty()) {
      spec.commandLine().getErr().println("there is no .npz file in " + folder);
    }
    return failed == 0 && passed > 0 ? 0 : 1;
  }

  /** As soon as it is known: some cases take their time. */
  private void line(CaseResult result, PrintWriter out) {
    if (!json) {
      String verdict = Ansi.AUTO.string(result.pass() ? "@|green pass|@" : "@|red,bold FAIL|@");
      out.printf(
          "%s  %-34s %-9s error %-9.2g tolerance %-9.2g %s%n",
          verdict, result.name(), result.kind(), result.error(), result.tolerance(), result.note());
    }
  }

  private static Map<String, Object> object(CaseResult result) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("case", result.name());
    object.put("kind", result.kind());
    object.put("error", result.error());
    object.put("tolerance", result.tolerance());
    object.put("pass", result.pass());
    object.put("note", result.note());
    return object;
  }
}
