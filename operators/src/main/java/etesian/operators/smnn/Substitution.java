package etesian.operators.smnn;

import java.util.Arrays;

/**
 * Forward and backward substitution for one block of lanes. The forward sweep keeps z[s], the right
 * side less what the points before s account for; the backward sweep turns it into the solution in
 * place. With B and B2 as in {@link Elimination} and D[s] = G[s] G[s]':
 *
 * <pre>
 *   z[s+1] = b[s+1] + B[s] D[s]^-1 z[s] + B2[s-1] D[s-1]^-1 z[s-1]
 *   x[s]   = D[s]^-1 ( z[s] + B[s]'x[s+1] + B2[s]'x[s+2] )
 * </pre>
 */
final class Substitution {
  private final LinearOde ode;
  private final LeftSide left;
  private final int n;
  private final int orders;
  private final double[][] entries; // x as one list

  /** {@code x[s][i]}: the solution once the backward sweep has passed s. */
  final double[][][] x;

  private final double[][] q; // D[s]^-1 z[s], or G[s]^-1 z[s]
  private final double[][] next; // what earlier points leave for the next right side
  private final double[][] afterNext;
  private final int[] solutionOffsets;
  private int from;
  private int lanes;

  Substitution(LinearOde ode, LeftSide left, int capacity) {
    this.ode = ode;
    this.left = left;
    n = ode.unknowns();
    orders = ode.orders();
    entries = new double[ode.points() * n][capacity];
    x = new double[ode.points()][][];
    Arrays.setAll(x, s -> Arrays.copyOfRange(entries, s * n, (s + 1) * n));
    q = Lanes.matrix(n, capacity);
    next = Lanes.matrix(n, capacity);
    afterNext = Lanes.matrix(n, capacity);
    solutionOffsets = ode.solutionOffsets();
  }

  void begin(int from, int lanes) {
    this.from = from;
    this.lanes = lanes;
    for (int i = 0; i < n; i++) {
      Arrays.fill(next[i], 0);
      Arrays.fill(afterNext[i], 0);
    }
  }

  /** What earlier points leave for the right side of the point at hand. */
  double[][] carried() {
    return next;
  }

  /** Forward sweep at {@code s}, which holds z[s], by the columns W that elimination just made. */
  void forward(Factor factor, int s, double[][][] w) {
    if (s == ode.points() - 1) {
      return;
    }
    solveLower(factor, s, x[s], q);
    for (int j = 0; j < n; j++) {
      Lanes.add(next[j], afterNext[j], w[j], q, left.firstColumn(j), n, lanes);
    }
    for (int v = 0; v < ode.variables() && twoAhead(s); v++) {
      int row = v * orders + orders - 2;
      Arrays.fill(afterNext[row], 0);
      Lanes.add(afterNext[row], afterNext[row], w[n + v], q, row, n, lanes);
    }
  }

  /** Forward sweep at {@code s}, which holds z[s], with a factor made earlier. */
  void forward(Factor factor, int s) {
    if (s == ode.points() - 1) {
      return;
    }
    solveLower(factor, s, x[s], q);
    solveUpper(factor, s, q);
    left.couple(s, factor);
    for (int j = 0; j < n; j++) {
      int first = left.firstColumn(j);
      Lanes.add(next[j], afterNext[j], left.coupling[j], q, first, left.endColumn(j), lanes);
      if (twoAhead(s) && j % orders == orders - 2) {
        secondTimes(q[j], afterNext[j]);
      }
    }
  }

  private boolean twoAhead(int s) {
    return ode.central() && s < ode.points() - 2;
  }

  private void secondTimes(double[] a, double[] out) {
    double[] second = left.smoothness.second;
    if (second.length < lanes) {
      Lanes.scale(out, a, second[0], lanes);
    } else {
      Lanes.product(out, second, a, lanes);
    }
  }

  /** Backward sweep at {@code s}, after s+1. */
  void backward(Factor factor, int s) {
    if (s < ode.points() - 1) {
      left.couple(s, factor);
      double[][][] transposed = left.couplingTransposed;
      for (int i = 0; i < n; i++) {
        int first = ode.central() ? 0 : i / orders * orders;
        int end = ode.central() ? n : first + orders;
        Lanes.add(x[s][i], x[s][i], transposed[i], x[s + 1], first, end, lanes);
        if (twoAhead(s) && i % orders == orders - 2) {
          secondTimes(x[s + 2][i], q[i]);
          Lanes.sum(x[s][i], x[s][i], q[i], lanes);
        }
      }
    }
    solveLower(factor, s, x[s], x[s]);
    solveUpper(factor, s, x[s]);
  }

  /** out = G[s]^-1 in; out may be in. */
  private void solveLower(Factor factor, int s, double[][] in, double[][] out) {
    for (int i = 0; i < n; i++) {
      Lanes.solveRow(out[i], in[i], factor.lower[s][i], out, 0, i, factor.inverse[s][i], lanes);
    }
  }

  /** z = G[s]'^-1 z. */
  private void solveUpper(Factor factor, int s, double[][] z) {
    for (int i = n - 1; i >= 0; i--) {
      Lanes.solveRow(z[i], z[i], factor.upper[s][i], z, i + 1, n, factor.inverse[s][i], lanes);
    }
  }

  /** First batch element whose solution holds a value that is not finite; -1: none. */
  int notFinite() {
    for (double[] entry : x[0]) { // what is not finite spreads to the first point
      for (int i = 0; i < lanes; i++) {
        if (!Double.isFinite(entry[i])) {
          return from + i;
        }
      }
    }
    return -1;
  }

  /** Stores the solution of the block in {@code values}, which are zero. */
  void store(double[] values) {
    Tile.add(entries, values, Arrays.copyOfRange(solutionOffsets, from, from + lanes));
  }
}
