package etesian.operators.smnn;

import etesian.operators.conformance.CaseResult;
import etesian.operators.conformance.Comparison;
import etesian.operators.conformance.GoldenFile;
import etesian.operators.conformance.GoldenRunner;
import etesian.operators.conformance.Npz;
import java.util.Arrays;
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
            "grad_init_vars", asStored(gradients.initial(), golden.shape("init_vars")),
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
        initial(golden),
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

  /** The same values at each of the first points, where one point is given for several. */
  private static DoubleTensor initial(Npz golden) {
    DoubleTensor given = tensor(golden, "init_vars");
    int points = golden.integer("n_init_var_steps");
    if (given.fromEnd(3) != 1 || points == 1) {
      return given;
    }
    int[] shape = given.shape().clone();
    shape[shape.length - 3] = points;
    int block = given.fromEnd(2) * given.fromEnd(1);
    double[] values = new double[given.values().length * points];
    Arrays.setAll(values, i -> given.values()[i / (points * block) * block + i % block]);
    return new DoubleTensor(values, shape);
  }

  /** The sum over the points that one was given for. */
  private static DoubleTensor asStored(DoubleTensor gradient, int[] shape) {
    if (Arrays.equals(gradient.shape(), shape)) {
      return gradient;
    }
    int points = gradient.fromEnd(3);
    int block = gradient.fromEnd(2) * gradient.fromEnd(1);
    double[] sums = new double[gradient.values().length / points];
    for (int i = 0; i < gradient.values().length; i++) {
      sums[i / (points * block) * block + i % block] += gradient.values()[i];
    }
    return new DoubleTensor(sums, shape);
  }

  private static double greatest(DoubleTensor solution, Npz golden) {
    double[] exact = golden.doubles("solution_hp");
    double error = 0;
    double scale = 0;
    for (int i = 0; i < exact.length; i++) {
      error = Math.max(error, Math.abs(solution.values()[i] - exact[i]));
      scale = Math.max(scale, Math.abs(exact[i]));
    }
    return scale == 0 ? error : error / scale;
  }

  /** The norm itself where the truth is zero. */
  private static double relativeNorm(DoubleTensor gradient, double[] expected) {
    double error = 0;
    double scale = 0;
    for (int i = 0; i < expected.length; i++) {
      error += Math.pow(gradient.values()[i] - expected[i], 2);
      scale += Math.pow(expected[i], 2);
    }
    return Math.sqrt(scale == 0 ? error : error / scale);
  }
}
