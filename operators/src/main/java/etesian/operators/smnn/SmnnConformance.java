package etesian.operators.smnn;

import etesian.operators.conformance.CaseResult;
import etesian.operators.conformance.Comparison;
import etesian.operators.conformance.GoldenFile;
import etesian.operators.conformance.GoldenRunner;
import etesian.operators.conformance.Npz;
import java.util.Map;

/**
 * Compares the solver and its gradients with golden vectors of the published program. The solution
 * is judged against the exact minimiser by the greatest deviation over the greatest value, each
 * gradient by the relative 2-norm; the tolerances widen with the error of the published solution.
 */
public final class SmnnConformance implements GoldenRunner {
  @Override
  public String kind() {
    return "smnn";
  }

  @Override
  public boolean recognises(Npz arrays) {
    return arrays.has("init_vars") && arrays.has("solution_hp");
  }

  @Override
  public CaseResult run(GoldenFile file) {
    Npz golden = file.arrays();
    LinearOde ode = ode(golden);
    BandedSolver.Solved solved = BandedSolver.solveAndKeep(ode);
    Adjoint.Gradients gradients = Adjoint.of(solved, tensor(golden, "cotangent"));
    double published = golden.number("err_solution_vs_hp");
    Comparison comparison = new Comparison();
    comparison.see("solution", greatest(solved.values(), golden), Math.max(1e-12, 10 * published));
    double tolerance = Math.max(1e-11, 100 * published);
    Map.of(
            "grad_coefficients", gradients.coefficients(),
            "grad_rhs_equation", gradients.rhs(),
            "grad_init_vars", gradients.initial(),
            "grad_steps", gradients.steps())
        .forEach(
            (name, gradient) ->
                comparison.see(name, relativeNorm(gradient, golden.doubles(name)), tolerance));
    return comparison.result(file.name(), kind());
  }

  /** The problem of a golden file. */
  static LinearOde ode(Npz golden) {
    return new LinearOde(
        tensor(golden, "coefficients"),
        tensor(golden, "rhs_equation"),
        tensor(golden, "init_vars"),
        tensor(golden, "steps"),
        golden.integer("n_steps"),
        new LinearOde.Penalties(
            golden.number("weight_equation"),
            golden.number("weight_init_var"),
            golden.number("weight_smooth")),
        golden.integer("enable_central_smoothness") != 0);
  }

  private static DoubleTensor tensor(Npz golden, String name) {
    return new DoubleTensor(golden.doubles(name), golden.shape(name));
  }

  private static double greatest(DoubleTensor solution, Npz golden) {
    double[] exact = golden.doubles("solution_hp");
    double error = 0;
    double scale = 0;
    for (int i = 0; i < exact.length; i++) {
      error = Math.max(error, Math.abs(solution.values()[i] - exact[i]));
      scale = Math.max(scale, Math.abs(exact[i]));
    }
    return error / scale;
  }

  private static double relativeNorm(DoubleTensor gradient, double[] expected) {
    double error = 0;
    double scale = 0;
    for (int i = 0; i < expected.length; i++) {
      error += Math.pow(gradient.values()[i] - expected[i], 2);
      scale += Math.pow(expected[i], 2);
    }
    return Math.sqrt(error / scale);
  }
}
