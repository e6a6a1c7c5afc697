package etesian.ops.cli;

import etesian.operators.examples.LorenzDiscovery;
import etesian.operators.examples.StandaloneOde;
import etesian.ops.bench.Table;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code example}: the S-MNN solver on problems with known answers. */
@Command(
    name = "example",
    mixinStandardHelpOptions = true,
    versionProvider = Etesian.Version.class,
    description = {
      "Runs an experiment of the S-MNN paper and prints its result beside the published one.",
      "",
      "ode: six linear equations against their analytic solutions. lorenz: the equations of Lorenz"
          + " found in a trajectory, by gradients through the solver."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  etesian example ode", "  etesian example lorenz --json"})
final class Example implements Callable<Integer> {
  /** The coefficients in the authors' notebook, of the terms that are not zero. */
  private static final List<String> PUBLISHED_LORENZ =
      List.of(
          "x' = -9.99 x +9.99 y", "y' = +27.71 x -0.92 y -0.992 x z", "z' = -2.664 z +0.9993 x y");

  /** As the paper's summary gives it, on a GPU. */
  private static final double PUBLISHED_MS = 7.4;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "NAME", description = "One of ${COMPLETION-CANDIDATES}.")
  private Name name;

  @Option(names = "--json", description = "ode: [{equation, ...}]; lorenz: {equations, ...}")
  private boolean json;

  /** Of an experiment. */
  enum Name {
    ODE,
    LORENZ
  }

  @Override
  public Integer call() {
    return name == Name.ODE ? ode() : lorenz();
  }

  private int ode() {
    PrintWriter out = spec.commandLine().getOut();
    List<Map<String, Object>> rows = new ArrayList<>();
    for (StandaloneOde ode : StandaloneOde.values()) {
      List<StandaloneOde.Error> errors = ode.errors();
      StandaloneOde.Published published = ode.published();
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("equation", ode.toString());
      row.put(
          "least_rmse", errors.stream().mapToDouble(StandaloneOde.Error::rmse).min().orElseThrow());
      row.put("published_least_rmse", published.leastRmse());
      row.put("rmse", errors.stream().mapToDouble(StandaloneOde.Error::rmse).max().orElseThrow());
      row.put("published_rmse", published.mostRmse());
      row.put(
          "greatest",
          errors.stream().mapToDouble(StandaloneOde.Error::greatest).max().orElseThrow());
      row.put("published_greatest", published.greatest());
      row.put(
          "relative",
          errors.stream().mapToDouble(StandaloneOde.Error::relative).max().orElseThrow());
      row.put("published_relative", published.relative());
      rows.add(row);
    }
    if (json) {
      out.println(Json.pretty(rows));
    } else {
      out.println(
          "Errors against the analytic solution, 1000 steps of 0.01; the larger one of both starts:");
      Table.lines(rows).forEach(out::println);
    }
    return 0;
  }

  private int lorenz() {
    PrintWriter out = spec.commandLine().getOut();
    LorenzDiscovery.Found found;
    try (WorkBar bar = new WorkBar(spec.commandLine().getErr(), "finding the equations")) {
      found = LorenzDiscovery.run(LorenzDiscovery.Settings.FULL, (done, loss) -> bar.at(done));
    }
    List<String> truth = new LorenzDiscovery.Found(LorenzDiscovery.truth(), 0, 0).equations();
    if (json) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("equations", found.equations());
      report.put("published", PUBLISHED_LORENZ);
      report.put("truth", truth);
      report.put("deviation", found.deviation());
      report.put("ms_per_update", found.millisecondsPerUpdate());
      report.put("published_ms_per_update_gpu", PUBLISHED_MS);
      out.println(Json.pretty(report));
      return 0;
    }
    for (int d = 0; d < truth.size(); d++) {
      out.printf("found      %s%n", found.equations().get(d));
      out.printf("published  %s%n", PUBLISHED_LORENZ.get(d));
      out.printf("truth      %s%n%n", truth.get(d));
    }
    out.printf(
        "largest deviation of a coefficient %.3f; %.1f ms an update of 512 windows (published:"
            + " %.1f ms on a GPU, with two networks in front)%n",
        found.deviation(), found.millisecondsPerUpdate(), PUBLISHED_MS);
    return 0;
  }
}
