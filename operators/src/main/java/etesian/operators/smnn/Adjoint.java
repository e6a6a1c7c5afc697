package etesian.operators.smnn;

import java.util.Arrays;

/**
 * Gradients of a scalar of the solution with respect to all four inputs, by implicit
 * differentiation: one substitution with the factors of the forward pass, then closed forms. With g
 * the gradient by the solution, M y = g, and e = r - C x:
 *
 * <pre>
 *   by C[s]:  w_e^2 ( e y' - (C y) x' )      by r[s]:  w_e^2 C y      by v:  w_i^2 y
 *   by h[s]:  -w_s^2 sum over the smoothness rows of (row' x)(row y) + (row x)(row' y)
 * </pre>
 *
 * An input that serves for several batch elements or time points gets the sum over them.
 */
public final class Adjoint {
  private final BandedSolver.Solved solved;
  private final LinearOde ode;
  private final int n;
  private final Substitution substitution;
  private final Gradients gradients;
  private final double[][][] x;
  private final double[][] residual;
  private final double[][] image;
  private final double[] scratch;
  private final double[] zero;
  private final int[] coefficientOffsets;
  private final int[] rhsOffsets;
  private final int[] initialOffsets;

  /**
   * Gradients, each of the shape of its input.
   *
   * @param coefficients by c
   * @param rhs by r
   * @param initial by v
   * @param steps by h
   */
  public record Gradients(
      DoubleTensor coefficients, DoubleTensor rhs, DoubleTensor initial, DoubleTensor steps) {}

  private Adjoint(BandedSolver.Solved solved) {
    this.solved = solved;
    ode = solved.ode();
    n = ode.unknowns();
    substitution = solved.substitution();
    gradients =
        new Gradients(
            DoubleTensor.zeros(ode.coefficients().shape()),
            DoubleTensor.zeros(ode.rhs().shape()),
            DoubleTensor.zeros(ode.initial().shape()),
            DoubleTensor.zeros(ode.steps().shape()));
    int capacity = Math.min(BandedSolver.BLOCK, ode.batch());
    x = new double[3][n][capacity];
    residual = Lanes.matrix(ode.equations(), capacity);
    image = Lanes.matrix(ode.equations(), capacity);
    scratch = new double[capacity];
    zero = new double[capacity];
    coefficientOffsets = ode.offsets(ode.coefficients(), 4);
    rhsOffsets = ode.offsets(ode.rhs(), 2);
    initialOffsets = ode.offsets(ode.initial(), 3);
  }

  /**
   * @param solved from {@link BandedSolver#solveAndKeep}
   * @param cotangent gradient of the scalar by the solution, of its shape
   */
  public static Gradients of(BandedSolver.Solved solved, DoubleTensor cotangent) {
    if (cotangent.values().length != solved.values().values().length) {
      throw new IllegalArgumentException(
          cotangent + " is not the gradient of a solution " + solved.values());
    }
    return new Adjoint(solved).run(cotangent);
  }

  private Gradients run(DoubleTensor cotangent) {
    int batch = ode.batch();
    int capacity = Math.min(BandedSolver.BLOCK, batch);
    Tile cotangents = tile(cotangent, capacity);
    Tile solutions = tile(solved.values(), capacity);
    for (int from = 0; from < batch; from += capacity) {
      int lanes = Math.min(capacity, batch - from);
      Factor factor = solved.factor(from / capacity);
      factor.attach();
      substitution.begin(from, lanes);
      cotangents.block(from, lanes);
      solutions.block(from, lanes);
      for (int s = 0; s < ode.points(); s++) {
        substitution.forward(factor, s, cotangents);
      }
      for (int s = ode.points() - 1; s >= 0; s--) {
        substitution.backward(factor, s);
        shiftSolution(solutions.at(s), lanes);
        ofEquations(factor, s, from, lanes);
        ofInitial(s, from, lanes);
        ofSteps(factor, s, from, lanes);
      }
    }
    return gradients;
  }

  private Tile tile(DoubleTensor values, int capacity) {
    return new Tile(values.values(), Tile.dense(ode), n, ode.points(), 1, capacity);
  }

  private void shiftSolution(double[][] point, int lanes) {
    double[][] oldest = x[2];
    x[2] = x[1];
    x[1] = x[0];
    x[0] = oldest;
    for (int i = 0; i < n; i++) {
      System.arraycopy(point[i], 0, x[0][i], 0, lanes);
    }
  }

  private void ofEquations(Factor factor, int s, int from, int lanes) {
    double weight = ode.penalties().equation();
    double[][] y = substitution.x[s];
    double[][] c = factor.coefficients(s);
    double[][] r = substitution.weightedRhs(s);
    int equations = ode.equations();
    int atC = ode.coefficients().fromEnd(4) == 1 ? 0 : s * equations * n;
    int atR = ode.rhs().fromEnd(2) == 1 ? 0 : s * equations;
    for (int e = 0; e < equations; e++) {
      double[][] row = Arrays.copyOfRange(c, e * n, (e + 1) * n);
      Lanes.dot(image[e], zero, row, y, 0, n, lanes);
      Lanes.dot(residual[e], zero, row, x[0], 0, n, lanes);
      Lanes.combine(residual[e], 1, r[e], -1, residual[e], lanes);
      Lanes.scatterAdd(
          gradients.rhs().values(), rhsOffsets, from, atR + e, weight, image[e], lanes);
      for (int i = 0; i < n; i++) {
        for (int lane = 0; lane < lanes; lane++) {
          scratch[lane] = residual[e][lane] * y[i][lane] - image[e][lane] * x[0][i][lane];
        }
        Lanes.scatterAdd(
            gradients.coefficients().values(),
            coefficientOffsets,
            from,
            atC + e * n + i,
            weight,
            scratch,
            lanes);
      }
    }
  }

  private void ofInitial(int s, int from, int lanes) {
    if (s >= ode.initial().fromEnd(3)) {
      return;
    }
    double weight = ode.penalties().initial() * ode.penalties().initial();
    int known = ode.initial().fromEnd(1);
    for (int d = 0; d < ode.variables(); d++) {
      for (int o = 0; o < known; o++) {
        Lanes.scatterAdd(
            gradients.initial().values(),
            initialOffsets,
            from,
            (s * ode.variables() + d) * known + o,
            weight,
            substitution.x[s][d * ode.orders() + o],
            lanes);
      }
    }
  }

  private void ofSteps(Factor factor, int s, int from, int lanes) {
    int last = ode.points() - 1;
    double[][][] y = {
      substitution.x[s],
      substitution.x[Math.min(s + 1, last)],
      substitution.x[Math.min(s + 2, last)]
    };
    factor.smoothness().gradient(x, y, s, from, lanes, gradients.steps().values());
  }
}
