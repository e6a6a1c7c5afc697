package etesian.operators.smnn;

import java.util.Arrays;

/**
 * Assembles the normal equations of one block of lanes point by point and factors them on the way.
 * With B[s] minus the block between s+1 and s (and B2[s] between s+2 and s in the central form):
 *
 * <pre>
 *   D[s] = C'C + initial + smoothness - W[s-1]'W[s-1] - W2[s-2]'W2[s-2] = G[s] G[s]'
 *   W[s] = G[s]^-1 B[s]'      W2[s] = G[s]^-1 B2[s]'      B[s+1] += W2[s]'W[s]
 * </pre>
 */
final class Elimination {
  private final LinearOde ode;
  private final LeftSide left;
  private final int n;
  private final int orders;
  private final double[][][] d; // the lower triangle of D[s], less C'C until s is assembled
  private final double[][][] afterNext; // central: what W2 takes from the point after the next
  private final double[] original; // a diagonal entry before elimination
  private final double[] zero;
  private Factor factor;
  private int lanes;

  /** {@code w[j]}: column j of W of the point eliminated last; columns of W2 follow. */
  final double[][][] w;

  Elimination(LinearOde ode, LeftSide left, int capacity) {
    this.ode = ode;
    this.left = left;
    n = ode.unknowns();
    orders = ode.orders();
    d = Lanes.triangle(n, capacity);
    afterNext = ode.central() ? Lanes.triangle(n, capacity) : null;
    original = new double[capacity];
    zero = new double[capacity];
    w = new double[n + (ode.central() ? ode.variables() : 0)][n][capacity];
  }

  /** Starts on {@code factor}. */
  void begin(Factor factor) {
    this.factor = factor;
    lanes = factor.lanes();
    left.block(factor.from(), lanes);
    left.smoothness.diagonal(0);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        System.arraycopy(smoothOffDiagonal(i, j), 0, d[i][j], 0, lanes);
        if (afterNext != null) {
          Arrays.fill(afterNext[i][j], 0);
        }
      }
    }
    for (int s = 0; factor.filled != null && s < factor.filled.length; s++) {
      for (double[][] row : factor.filled[s]) {
        for (double[] entry : row) {
          Arrays.fill(entry, 0);
        }
      }
    }
  }

  /** What smoothness adds below the diagonal at the point chosen last. */
  private double[] smoothOffDiagonal(int i, int j) {
    return i != j && i / orders == j / orders
        ? left.smoothness.diagonal[i % orders][j % orders]
        : zero;
  }

  /** Assembles and factors point {@code s}, and takes its share from the points after it. */
  void advance(int s) {
    left.load(s);
    assembleBelowDiagonal();
    factor(s);
    if (s < ode.points() - 1) {
      eliminate(s);
    }
  }

  private void assembleBelowDiagonal() {
    double[][][] c = left.byUnknown;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        Lanes.add(d[i][j], d[i][j], c[i], c[j], 0, ode.equations(), lanes);
      }
    }
  }

  private void factor(int s) {
    double[][][] lower = factor.lower[s];
    double[][] inverse = factor.inverse[s];
    for (int j = 0; j < n; j++) {
      double[] pivot = d[j][j];
      Lanes.subtractSquares(pivot, pivot, lower[j], 0, j, lanes);
      assembleDiagonal(s, j);
      Lanes.sum(pivot, pivot, original, lanes);
      checkPivots(pivot, s);
      Lanes.inverseRoot(inverse[j], pivot, lanes);
      for (int i = j + 1; i < n; i++) {
        Lanes.solveRow(lower[i][j], d[i][j], lower[i], lower[j], 0, j, inverse[j], lanes);
      }
    }
  }

  private void assembleDiagonal(int s, int j) {
    double[] smooth = left.smoothness.diagonal[j % orders][j % orders];
    Lanes.add(original, smooth, left.byUnknown[j], left.byUnknown[j], 0, ode.equations(), lanes);
    if (s < ode.initial().fromEnd(3) && j % orders < ode.initial().fromEnd(1)) {
      double weight = ode.penalties().initial() * ode.penalties().initial();
      for (int i = 0; i < lanes; i++) {
        original[i] += weight;
      }
    }
  }

  /**
   * Whether a pivot holds a digit: it is what is left of a diagonal entry after subtraction, and
   * nothing below the rounding of that entry.
   */
  static boolean safe(double pivot, double original) {
    return pivot > 4 * Math.ulp(1.0) * original && pivot < Double.POSITIVE_INFINITY;
  }

  private void checkPivots(double[] pivot, int s) {
    boolean safe = true;
    for (int i = 0; i < lanes; i++) {
      safe &= safe(pivot[i], original[i]);
    }
    for (int i = 0; i < lanes && !safe; i++) {
      if (!safe(pivot[i], original[i])) {
        throw new IllConditioned(factor.from() + i, s, pivot[i]);
      }
    }
  }

  private void eliminate(int s) {
    left.smoothness.couple(s);
    if (factor.filled != null) {
      addSmoothCoupling(s);
    }
    left.couple(s, factor);
    boolean twoAhead = ode.central() && s < ode.points() - 2;
    for (int j = 0; j < n; j++) {
      solveColumn(s, j, left.coupling[j], left.firstColumn(j), left.endColumn(j));
    }
    for (int v = 0; v < ode.variables() && twoAhead; v++) {
      int row = v * orders + orders - 2;
      double[][] column = new double[n][];
      column[row] = left.smoothness.second;
      solveColumn(s, n + v, column, row, row + 1);
    }
    left.smoothness.diagonal(s + 1);
    for (int i = 0; i < n; i++) {
      int first = left.firstColumn(i);
      for (int j = 0; j < i; j++) {
        Lanes.subtract(
            d[i][j],
            smoothOffDiagonal(i, j),
            w[i],
            w[j],
            Math.max(first, left.firstColumn(j)),
            n,
            lanes);
      }
      Lanes.subtractSquares(d[i][i], zero, w[i], first, n, lanes);
    }
    if (afterNext != null) {
      takeFromAfterNext(s, twoAhead);
    }
  }

  private void addSmoothCoupling(int s) {
    for (int j = 0; j < n; j++) {
      int start = j / orders * orders;
      for (int i = start; i < start + orders; i++) {
        double[] entry = factor.filled[s][j][i];
        Lanes.sum(entry, entry, left.smoothness.coupling[j % orders][i - start], lanes);
      }
    }
  }

  private void takeFromAfterNext(int s, boolean twoAhead) {
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        Lanes.sum(d[i][j], d[i][j], afterNext[i][j], lanes);
      }
    }
    for (int v = 0; v < ode.variables() && twoAhead; v++) {
      int row = v * orders + orders - 2;
      for (int u = 0; u <= v; u++) {
        double[] entry = afterNext[row][u * orders + orders - 2];
        Lanes.subtract(entry, zero, w[n + v], w[n + u], row, n, lanes);
      }
      for (int j = 0; j < n; j++) {
        int first = Math.max(row, left.firstColumn(j));
        Lanes.add(factor.filled[s + 1][row][j], zero, w[n + v], w[j], first, n, lanes);
      }
    }
  }

  /** w[j] = G^-1 of a column that is zero outside first..end. */
  private void solveColumn(int s, int j, double[][] entries, int first, int end) {
    for (int k = first; k < n; k++) {
      double[] base = k < end ? entries[k] : zero;
      Lanes.solveRow(
          w[j][k], base, factor.lower[s][k], w[j], first, k, factor.inverse[s][k], lanes);
    }
  }
}
