package etesian.operators.smnn;

import java.util.Arrays;

/**
 * Forward and backward substitution for one block of lanes. The forward sweep keeps {@code q[s] =
 * D[s]^-1 z[s]}, with D[s] the eliminated diagonal block; the backward sweep turns it into the
 * solution in place.
 */
final class Substitution {
  private final LinearOde ode;
  private final int n;
  private final int orders;

  /** {@code x[s][i]}: the solution once the backward sweep has passed s. */
  final double[][][] x;

  private final double[][] z;
  private final double[][] next; // what earlier points leave for the next right side
  private final double[][] afterNext;
  private final Tile rhs;
  private final double[] zero;
  private final double[] scratch;
  private final int[] initialOffsets;
  private int from;
  private int lanes;

  Substitution(LinearOde ode, int capacity) {
    this.ode = ode;
    n = ode.unknowns();
    orders = ode.orders();
    x = new double[ode.points()][n][capacity];
    z = Lanes.matrix(n, capacity);
    next = Lanes.matrix(n, capacity);
    afterNext = Lanes.matrix(n, capacity);
    rhs =
        new Tile(
            ode.rhs().values(),
            ode.offsets(ode.rhs(), 2),
            ode.equations(),
            ode.rhs().fromEnd(2),
            ode.penalties().equation(),
            capacity);
    zero = new double[capacity];
    scratch = new double[capacity];
    initialOffsets = ode.offsets(ode.initial(), 3);
  }

  void begin(int from, int lanes) {
    this.from = from;
    this.lanes = lanes;
    rhs.block(from, lanes);
    for (int i = 0; i < n; i++) {
      Arrays.fill(next[i], 0);
      Arrays.fill(afterNext[i], 0);
    }
  }

  /** Forward sweep at {@code s} with the right side of the equations; coefficients are loaded. */
  void forward(Factor factor, int s) {
    double[][][] c = factor.coefficientsByUnknown();
    double[][] r = weightedRhs(s);
    for (int i = 0; i < n; i++) {
      Lanes.dot(z[i], next[i], c[i], r, 0, r.length, lanes);
    }
    int steps = ode.initial().fromEnd(3);
    int known = ode.initial().fromEnd(1);
    double weight = ode.penalties().initial() * ode.penalties().initial();
    for (int i = 0; s < steps && i < n; i++) {
      if (i % orders < known) {
        int at = (s * ode.variables() + i / orders) * known + i % orders;
        Lanes.gather(scratch, weight, ode.initial().values(), initialOffsets, from, at, lanes);
        Lanes.add(z[i], scratch, lanes);
      }
    }
    sweep(factor, s);
  }

  /** Forward sweep at {@code s} with a cotangent of the solution as right side. */
  void forward(Factor factor, int s, Tile cotangent) {
    double[][] g = cotangent.at(s);
    for (int i = 0; i < n; i++) {
      Lanes.combine(z[i], 1, g[i], 1, next[i], lanes);
    }
    sweep(factor, s);
  }

  /** w_e r at point {@code s}, by equation. */
  double[][] weightedRhs(int s) {
    return rhs.at(s);
  }

  private void sweep(Factor factor, int s) {
    solve(factor, s, z, x[s]);
    if (s == ode.points() - 1) {
      return;
    }
    factor.couple(s);
    double[][][] coupling = factor.coupling();
    for (int j = 0; j < n; j++) {
      Lanes.dot(
          next[j],
          afterNext[j],
          coupling[j],
          x[s],
          factor.firstColumn(j),
          factor.endColumn(j),
          lanes);
      if (ode.central() && j % orders == orders - 2 && s < ode.points() - 2) {
        Lanes.product(afterNext[j], 1, factor.smoothness().second, x[s][j], lanes);
      }
    }
  }

  /** Backward sweep at {@code s}, after s+1. */
  void backward(Factor factor, int s) {
    int points = ode.points();
    if (s == points - 1) {
      return;
    }
    factor.couple(s);
    double[][][] transposed = factor.couplingTransposed();
    for (int i = 0; i < n; i++) {
      int first = ode.central() ? 0 : i / orders * orders;
      int end = ode.central() ? n : first + orders;
      Lanes.dot(z[i], zero, transposed[i], x[s + 1], first, end, lanes);
      if (ode.central() && s < points - 2 && i % orders == orders - 2) {
        Lanes.product(scratch, 1, factor.smoothness().second, x[s + 2][i], lanes);
        Lanes.add(z[i], scratch, lanes);
      }
    }
    solve(factor, s, z, z);
    for (int i = 0; i < n; i++) {
      Lanes.add(x[s][i], z[i], lanes);
    }
  }

  /** out = D[s]^-1 in; out may be in. */
  private void solve(Factor factor, int s, double[][] in, double[][] out) {
    for (int i = 0; i < n; i++) {
      Lanes.dot(out[i], in[i], factor.lower[s][i], out, 0, i, lanes);
    }
    for (int i = n - 1; i >= 0; i--) {
      Lanes.product(out[i], 1, factor.inverse[s][i], out[i], lanes);
      Lanes.dot(out[i], out[i], factor.upper[s][i], out, i + 1, n, lanes);
    }
  }

  /** Stores the solution of the block. */
  void store(DoubleTensor into) {
    double[] values = into.values();
    int size = ode.points() * n;
    int tile = 8; // points at a time, for the sake of the cache, as in Tile
    for (int first = 0; first < ode.points(); first += tile) {
      int end = Math.min(first + tile, ode.points());
      for (int lane = 0; lane < lanes; lane++) {
        int at = (from + lane) * size + first * n;
        for (int s = first; s < end; s++) {
          double[][] point = x[s];
          for (int i = 0; i < n; i++) {
            values[at++] = point[i][lane];
          }
        }
      }
    }
  }
}
