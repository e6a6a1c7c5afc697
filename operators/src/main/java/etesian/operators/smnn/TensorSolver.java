package etesian.operators.smnn;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import etesian.operators.Devices;
import etesian.operators.torchscript.TorchScript;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Solves a batch of {@link LinearOde}s on the device of libtorch, with a depth that is the
 * logarithm of the number of time points: every second block of unknowns is eliminated at once.
 * More work than {@link BandedSolver}, which is the one for a CPU; for devices with thousands of
 * lanes.
 *
 * <p>Gradients: one more solution with the same factors, and the derivative of the rows (implicit
 * differentiation). With QR that solution is one of semi-normal equations, without refinement. Not
 * safe for several threads at once.
 */
public final class TensorSolver {
  /** How the left side is factored. */
  public enum Method {
    /** Block cyclic reduction of the normal equations. Errors as of {@link BandedSolver}. */
    CHOLESKY,
    /**
     * QR of the rows, block by block in the same order (odd-even elimination by orthogonal
     * transformations, Gargir and Toledo, 2023). Errors grow with the root of the condition of the
     * normal equations: usable in float32 where Cholesky is not.
     */
    QR
  }

  private final Method method;
  private final DataType type;

  /**
   * @param type FLOAT64 or FLOAT32
   */
  public TensorSolver(Method method, DataType type) {
    if (type != DataType.FLOAT64 && type != DataType.FLOAT32) {
      throw new IllegalArgumentException("type " + type + ", expected FLOAT64 or FLOAT32");
    }
    this.method = method;
    this.type = type;
  }

  /**
   * The least-squares solution.
   *
   * @return shape batch + (N, D, K)
   * @throws ArithmeticException the factorisation failed; says in which batch element of a level
   */
  public DoubleTensor solve(LinearOde ode) {
    return Devices.withoutGradients(
        () -> {
          try (NDManager scope = Devices.newManager()) {
            NDList factors = new Problem(ode, scope).factors();
            return tensor(solution(factors), ode.solutionShape());
          }
        });
  }

  /**
   * Gradients of a scalar, each of the shape of its input.
   *
   * @param cotangent gradient of the scalar by the solution, of its shape
   */
  public Adjoint.Gradients gradients(LinearOde ode, DoubleTensor cotangent) {
    try (NDManager scope = Devices.newManager()) {
      Problem problem = new Problem(ode, scope);
      NDList duals =
          Devices.withoutGradients(
              () -> {
                NDList factors = problem.factors();
                NDArray x = solution(factors);
                NDArray g = scope.create(cotangent.values(), x.getShape()).toType(type, false);
                NDArray lambda = problem.adjoint(g, factors);
                return new NDList(
                    x.toType(DataType.FLOAT64, true), lambda.toType(DataType.FLOAT64, true));
              });
      problem.inputs.forEach(input -> input.setRequiresGradient(true));
      Devices.differentiate(() -> problem.surrogate(duals.get(0), duals.get(1)));
      return new Adjoint.Gradients(
          tensor(problem.inputs.get(0).getGradient(), ode.coefficients().shape()),
          tensor(problem.inputs.get(1).getGradient(), ode.rhs().shape()),
          tensor(problem.inputs.get(2).getGradient(), ode.initial().shape()),
          tensor(problem.inputs.get(3).getGradient(), ode.steps().shape()));
    }
  }

  /** Checked: a factor of rows is never refused, however small its pivots. */
  private NDArray solution(NDList factors) {
    float[] pivots = named(factors, "pivot").toType(DataType.FLOAT32, false).toFloatArray();
    double least = type == DataType.FLOAT64 ? Math.ulp(1.0) : Math.ulp(1f);
    for (int element = 0; element < pivots.length; element++) {
      if (!(pivots[element] > least)) {
        throw new ArithmeticException(
            String.format(
                "batch element %d: the smallest pivot is %.1e of the largest, at least %.1e is"
                    + " needed in %s; give each variable an equation or initial values, or use"
                    + " shorter series or fewer orders",
                element, pivots[element], least, type));
      }
    }
    return named(factors, "solution");
  }

  private static NDArray named(NDList arrays, String name) {
    return arrays.stream().filter(array -> name.equals(array.getName())).findAny().orElseThrow();
  }

  private static DoubleTensor tensor(NDArray array, int[] shape) {
    return new DoubleTensor(array.toType(DataType.FLOAT64, false).toDoubleArray(), shape);
  }

  /** One problem off the heap. */
  private final class Problem {
    private final LinearOde ode;
    private final NDManager scope;
    private final TorchScript program;

    /** c, r, v, h as they were given; broadcast they are views. */
    private final List<NDArray> inputs;

    Problem(LinearOde ode, NDManager scope) {
      this.ode = ode;
      this.scope = scope;
      Map<String, Object> attributes = new HashMap<>();
      attributes.put("orders", ode.orders());
      attributes.put("orthogonal", method == Method.QR);
      attributes.put("central", ode.central());
      attributes.put("equation", ode.penalties().equation());
      attributes.put("initial", ode.penalties().initial());
      attributes.put("smoothness", ode.penalties().smoothness());
      attributes.put("single", type == DataType.FLOAT32);
      String source = TorchScript.resource(TensorSolver.class, "tensor_solver.py");
      program = TorchScript.compile(scope, source, attributes);
      inputs =
          List.of(
              place(ode.coefficients()),
              place(ode.rhs()),
              place(ode.initial()),
              place(ode.steps()));
    }

    private NDArray place(DoubleTensor tensor) {
      long[] shape = Arrays.stream(tensor.shape()).asLongStream().toArray();
      return scope.create(tensor.values(), new Shape(shape));
    }

    /** Every input in full, with one batch axis. */
    private List<NDArray> full() {
      int n = ode.points();
      int[] c = ode.coefficients().shape();
      int[] v = ode.initial().shape();
      int axes = c.length - 4;
      return List.of(
          full(inputs.get(0), axes, n, ode.equations(), ode.variables(), ode.orders()),
          full(inputs.get(1), axes, n, ode.equations()),
          full(inputs.get(2), axes, v[axes], v[axes + 1], v[axes + 2]),
          full(inputs.get(3), axes, n - 1));
    }

    private NDArray full(NDArray input, int axes, long... rest) {
      int[] solution = ode.solutionShape();
      long[] shape = new long[axes + rest.length];
      for (int i = 0; i < shape.length; i++) {
        shape[i] = i < axes ? solution[i] : rest[i - axes];
      }
      long[] flat = new long[1 + rest.length];
      flat[0] = ode.batch();
      System.arraycopy(rest, 0, flat, 1, rest.length);
      return input.broadcast(new Shape(shape)).reshape(new Shape(flat));
    }

    NDList factors() {
      return call("solved", full());
    }

    NDArray adjoint(NDArray g, NDList factors) {
      NDList arguments = new NDList(g);
      for (NDArray factor : factors) {
        if (factor.getName().matches("[rst]\\d+")) {
          factor.setName("f." + factor.getName());
          arguments.add(factor);
        }
      }
      return call("adjoint", arguments).head();
    }

    NDArray surrogate(NDArray x, NDArray lambda) {
      NDList arguments = new NDList(full());
      x.setName("");
      arguments.add(x);
      arguments.add(lambda);
      return program.call(scope, "surrogate", true, arguments).head();
    }

    private NDList call(String name, List<NDArray> arguments) {
      try {
        return program.call(scope, name, false, arguments);
      } catch (EngineException e) {
        if (String.valueOf(e.getMessage()).contains("linalg")) {
          throw new ArithmeticException("the factorisation failed: " + e.getMessage());
        }
        throw e;
      }
    }
  }
}
