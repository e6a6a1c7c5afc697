package etesian.ops.cli;

import etesian.operators.SafeTensors;
import etesian.operators.examples.LabelFreeReaction;
import etesian.operators.examples.LorenzDiscovery;
import etesian.operators.examples.StandaloneOde;
import etesian.ops.bench.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code example}: solvers and learning on problems with known answers. */
@Command(
    name = "example",
    mixinStandardHelpOptions = true,
    versionProvider = Etesian.Version.class,
    description = {
      "Runs an experiment of a paper and prints its result beside the published one or the truth.",
      "",
      "ode: six linear equations against their analytic solutions. lorenz: the equations of Lorenz"
          + " found in a trajectory, by gradients through the solver. nsm-reaction-diffusion: a"
          + " neural spectral method learns an equation from its residual alone (at most 15"
          + " minutes). physics: a network is fine-tuned to a wind that has turned, with few"
          + " labels, with and without the residual of the equation, right and wrong. drift: a"
          + " simulated sea whose mean and then whose memory change, forecast by S-MNN frozen and"
          + " learning. smnn-long: 208 steps from 208 by S-MNN, simulated or of --data, under the"
          + " paper's protocol and an honest one."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  etesian example ode",
      "  etesian example lorenz --json",
      "  etesian example nsm-reaction-diffusion --save nsm.safetensors",
      "  etesian example smnn-long --data sst.nc"
    })
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

  @Option(
      names = "--json",
      description =
          "ode: [{equation, ...}]; lorenz: {equations, ...}; nsm-reaction-diffusion: {grids, ...};"
              + " physics: [{model, ...}]; drift: {leads, seeds}; smnn-long: [{protocol, ...}]")
  private boolean json;

  @Option(
      names = "--save",
      paramLabel = "FILE",
      description = "nsm-reaction-diffusion: writes the weights as safetensors.")
  private Path save;

  @Option(
      names = "--data",
      paramLabel = "FILE|DIR",
      description = "smnn-long: NetCDF files of one variable, instead of a simulated world.")
  private List<Path> data = new ArrayList<>();

  /** Of an experiment. */
  enum Name {
    ODE,
    LORENZ,
    NSM_REACTION_DIFFUSION,
    PHYSICS,
    DRIFT,
    SMNN_LONG;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @Override
  public Integer call() throws IOException {
    return switch (name) {
      case ODE -> ode();
      case LORENZ -> lorenz();
      case NSM_REACTION_DIFFUSION -> reaction();
      case PHYSICS ->
          PhysicsExample.run(spec.commandLine().getOut(), spec.commandLine().getErr(), json);
      case DRIFT ->
          DriftExample.run(spec.commandLine().getOut(), spec.commandLine().getErr(), json);
      case SMNN_LONG ->
          LongSequencesExample.run(
              spec.commandLine().getOut(), spec.commandLine().getErr(), json, data);
    };
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
          "Errors against the analytic solution, 1000 steps of 0.01; the larger one of both"
              + " starts:");
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

  private int reaction() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    LabelFreeReaction.Settings settings = LabelFreeReaction.Settings.FULL;
    LabelFreeReaction.Learned learned;
    try (WorkBar bar = new WorkBar(spec.commandLine().getErr(), "learning from the residual")) {
      learned = LabelFreeReaction.run(settings, (done, loss) -> bar.at(done));
    }
    if (save != null) {
      SafeTensors.save(learned.weights(), save);
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    for (LabelFreeReaction.OnGrid grid : learned.grids()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("grid", grid.points() + "x" + grid.points());
      row.put("relative_l2", grid.relativeL2());
      row.put("deviation_at_common_points", grid.deviation());
      rows.add(row);
    }
    if (json) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("states", settings.tests());
      report.put("labels", 0);
      report.put("steps", learned.steps());
      report.put("training_seconds", learned.training().toMillis() / 1e3);
      report.put("loss", learned.loss());
      report.put("grids", rows);
      report.put("initial_state_relative_l2", learned.persistence());
      report.put("network_ms", learned.networkMs());
      report.put("solver_ms", learned.solverMs());
      out.println(Json.pretty(report));
      return 0;
    }
    out.printf(
        "u_t = 0.01 u_xx + 5 u (1 - u), %d unseen initial states, no labels: %d steps in %.0f s%n",
        settings.tests(), learned.steps(), learned.training().toMillis() / 1e3);
    Table.lines(rows).forEach(out::println);
    out.printf(
        "relative L2 of the initial state as forecast %.3f; all states: network %.0f ms, solver"
            + " %.0f ms%n",
        learned.persistence(), learned.networkMs(), learned.solverMs());
    return 0;
  }
}
