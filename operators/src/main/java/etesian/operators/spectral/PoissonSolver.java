package etesian.operators.spectral;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/** Solves - Lap u = s directly, for tests and benchmarks. */
public final class PoissonSolver {
  private PoissonSolver() {}

  /** Periodic on Fourier axes, without the mean of s, with u(0) = 0. */
  public static Expansion periodic(Expansion source) {
    List<Integer> axes = new ArrayList<>();
    List<Double> lengths = new ArrayList<>();
    for (int axis = 0; axis < source.basis().dimensions(); axis++) {
      axes.add(axis);
      lengths.add(1.0);
    }
    Expansion u = source.inverseLaplacian(axes, lengths).times(-1);
    return Mollifier.PERIODIC.of(u, source, 1);
  }

  /**
   * Zero on the boundary of the unit square, on two Chebyshev axes: the equation holds at the inner
   * points (collocation), as one dense linear system.
   *
   * @param source shape (n_1, n_2, ...), in float64
   */
  public static Expansion dirichlet(Expansion source) {
    if (!source.basis().toString().equals("CC")) {
      throw new IllegalArgumentException("a source in " + source.basis() + ", expected CC");
    }
    int rows = source.modes(0);
    int columns = source.modes(1);
    int inside = (rows - 2) * (columns - 2);
    double[][] down = curvature(rows);
    double[][] across = curvature(columns);
    double[] system = new double[inside * inside];
    for (int i = 0; i < inside; i++) {
      int r = i / (columns - 2) + 1;
      int c = i % (columns - 2) + 1;
      for (int j = 0; j < inside; j++) {
        int r2 = j / (columns - 2) + 1;
        int c2 = j % (columns - 2) + 1;
        system[i * inside + j] = -(c == c2 ? down[r][r2] : 0) - (r == r2 ? across[c][c2] : 0);
      }
    }
    NDManager scope = source.coefficients().getManager();
    NDArray values = source.values();
    long[] shape = values.getShape().getShape().clone();
    long rest = values.size() / rows / columns;
    String inner = "1:" + (rows - 1) + ",1:" + (columns - 1);
    NDArray right = values.get(inner).reshape(inside, rest);
    NDArray solution = scope.create(system, new Shape(inside, inside)).inverse().matMul(right);
    NDArray u =
        solution
            .reshape(rows - 2, columns - 2, rest)
            .pad(new Shape(0, 0, 1, 1, 1, 1), 0)
            .reshape(new Shape(shape));
    return Expansion.transform(source.transforms(), source.basis(), u);
  }

  /** The second derivative as a matrix on values. */
  private static double[][] curvature(int n) {
    return Matrices.product(
        Axis.CHEBYSHEV.inverse(n),
        Matrices.product(Axis.CHEBYSHEV.derivative(n, 2), Axis.CHEBYSHEV.transform(n)));
  }
}
