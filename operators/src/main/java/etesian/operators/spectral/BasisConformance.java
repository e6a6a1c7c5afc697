package etesian.operators.spectral;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import etesian.operators.spectral.SpectralConformance.Case;
import java.util.Arrays;

/** Golden files of one basis: everything that {@link Expansion} does. */
final class BasisConformance {
  private BasisConformance() {}

  static void run(Case now) {
    Basis basis = now.basis();
    Expansion u = Expansion.transform(now.transforms(), basis, now.array("values"));
    now.see("coef", u.coefficients());
    u = now.expansion("coef");
    now.see("values", u.values());
    now.see("grid", grid(u));
    now.see("grad", gradient(u, 1));
    now.see("grad2", gradient(u.with(gradient(u, 1)), 1));
    now.see("grad_k2", gradient(u, 2));
    now.see("eval_points", u.at(rows(now, "points", basis.dimensions())));
    now.see("uniform_eval", u.onUniformBandLimited(now.golden().integers("uniform_n")));
    now.see("to_big", u.resize(now.golden().integers("big_mode")).coefficients());
    now.see("to_small", u.resize(now.golden().integers("small_mode")).coefficients());
    Expansion other = now.expansion("coef2");
    now.see("add", u.plus(other).coefficients());
    now.see("mul", u.times(other).coefficients());
    if (now.has("int")) {
      now.see("int", u.integral(0).coefficients());
      int n = u.modes(0);
      now.see("grad_matrix", head(Axis.CHEBYSHEV.derivative(n, 1), n - 1, n));
      // the golden matrix also holds the polynomial of degree n, which n modes do not
      now.see("int_matrix", head(Axis.CHEBYSHEV.integral(n + 1), n + 1, n));
    }
  }

  /** First or higher derivatives in every direction, as a last axis. */
  private static NDArray gradient(Expansion u, int order) {
    NDList directions = new NDList();
    for (int axis = 0; axis < u.basis().dimensions(); axis++) {
      directions.add(u.derivative(axis, order).coefficients());
    }
    return NDArrays.stack(directions, u.coefficients().getShape().dimension());
  }

  private static double[] grid(Expansion u) {
    int d = u.basis().dimensions();
    int all = Arrays.stream(u.modes()).reduce(1, Math::multiplyExact);
    double[] grid = new double[all * d];
    int inner = all;
    for (int axis = 0; axis < d; axis++) {
      double[] points = u.basis().axes().get(axis).points(u.modes(axis));
      inner /= points.length;
      for (int i = 0; i < all; i++) {
        grid[i * d + axis] = points[i / inner % points.length];
      }
    }
    return grid;
  }

  private static double[][] rows(Case now, String name, int columns) {
    double[] flat = now.golden().doubles(name);
    double[][] rows = new double[flat.length / columns][];
    Arrays.setAll(rows, i -> Arrays.copyOfRange(flat, i * columns, (i + 1) * columns));
    return rows;
  }

  private static double[] head(double[][] matrix, int rows, int columns) {
    double[][] head = new double[rows][];
    Arrays.setAll(head, i -> Arrays.copyOf(matrix[i], columns));
    return Matrices.flat(head);
  }
}
