package etesian.operators.smnn;

import etesian.operators.conformance.CaseResult;
import etesian.operators.conformance.GoldenFile;
import etesian.operators.conformance.GoldenRunner;
import etesian.operators.conformance.Npz;

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
    Worst worst = new Worst(golden);
    worst.take("solution", greatest(solved.values(), golden), Math.max(1e-12, 10 * published));
    double tolerance = Math.max(1e-11, 100 * published);
    worst.norm("grad_coefficients", gradients.coefficients(), tolerance);
    worst.norm("grad_rhs_equation", gradients.rhs(), tolerance);
    worst.norm("grad_init_vars", gradients.initial(), tolerance);
    worst.norm("grad_steps", gradients.steps(), tolerance);
    return CaseResult.compared(
        file.name(),
        kind(),
        worst.error,
        worst.tolerance,
        "solution and 4 gradients; nearest to its tolerance: " + worst.name);
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

  /** The comparison that comes nearest to its tolerance, or passes it furthest. */
  private static final class Worst {
    private final Npz golden;
    private String name = "";
    private double error;
    private double tolerance = 1;

    Worst(Npz golden) {
      this.golden = golden;
    }

    void take(String name, double error, double tolerance) {
      boolean failed = Double.isNaN(this.error); // nothing is worse
      if (!failed && !(error / tolerance < this.error / this.tolerance)) {
        this.name = name;
        this.error = error;
        this.tolerance = tolerance;
      }
    }

    void norm(String name, DoubleTensor gradient, double tolerance) {
      double[] expected = golden.doubles(name);
      double error = 0;
      double scale = 0;
      for (int i = 0; i < expected.length; i++) {
        error += Math.pow(gradient.values()[i] - expected[i], 2);
        scale += Math.pow(expected[i], 2);
      }
      take(name, Math.sqrt(error / scale), tolerance);
    }
  }
}
