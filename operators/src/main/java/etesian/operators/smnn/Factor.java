package etesian.operators.smnn;

import java.util.Arrays;

/**
 * The left side of one block of lanes, factored: a block LDL' of the banded normal equations,
 * assembled and eliminated point by point. Kept per point are only the unit lower triangle
 * (negated, so that every kernel adds) and the inverse pivots; the coupling of neighbours is made
 * again from the steps, and kept only in the central form, where it fills in.
 */
final class Factor {
  private final LinearOde ode;
  private final int n;
  private final int orders;
  private int lanes;
  private int from;
  private final Smoothness smoothness;

  /** {@code lower[s][i][k]}, k below i: minus the unit lower triangle. */
  final double[][][][] lower;

  /** The same entries by column: {@code upper[s][i][k]}, k above i, is {@code lower[s][k][i]}. */
  final double[][][][] upper;

  /** {@code inverse[s][i]}: one over the pivots. */
  final double[][][] inverse;

  /** Central form: minus the block between s+1 (row) and s (column), after elimination. */
  private final double[][][][] filled;

  private final Scratch scratch;

  /** What elimination needs and no one reads later: shared by the blocks of one solve. */
  static final class Scratch {
    final Smoothness smoothness;
    final Tile coefficients;
    final double[][][] cByUnknown;
    final double[][][] unscaled; // the diagonal block, then its unit lower triangle times pivots
    final double[][][] next; // minus the Schur complement that waits for the next point
    final double[][][] afterNext;
    final double[][][] w;
    final double[][][] v;
    final double[][] original;
    final double[] zero;
    final double[][][] coupling;
    final double[][][] couplingTransposed;

    Scratch(LinearOde ode, int lanes) {
      int n = ode.unknowns();
      int e = ode.equations();
      int variables = ode.variables();
      int columns = n + (ode.central() ? variables : 0);
      smoothness = new Smoothness(ode, lanes);
      coefficients =
          new Tile(
              ode.coefficients().values(),
              ode.offsets(ode.coefficients(), 4),
              e * n,
              ode.coefficients().fromEnd(4),
              ode.penalties().equation(),
              lanes);
      cByUnknown = new double[n][e][];
      unscaled = triangle(n, lanes);
      next = triangle(n, lanes);
      afterNext = ode.central() ? triangle(n, lanes) : null;
      w = new double[columns][n][lanes];
      v = new double[columns][n][lanes];
      original = Lanes.matrix(n, lanes);
      zero = new double[lanes];
      coupling = new double[n][n][];
      couplingTransposed = new double[n][n][];
    }

    private static double[][][] triangle(int n, int lanes) {
      double[][][] rows = new double[n][][];
      for (int i = 0; i < n; i++) {
        rows[i] = new double[i + 1][lanes];
      }
      return rows;
    }
  }

  Factor(LinearOde ode, int lanes, Scratch scratch) {
    this.ode = ode;
    this.scratch = scratch;
    n = ode.unknowns();
    orders = ode.orders();
    smoothness = scratch.smoothness;
    int points = ode.points();
    lower = new double[points][n][][];
    upper = new double[points][n][n][];
    inverse = new double[points][n][lanes];
    for (int s = 0; s < points; s++) {
      for (int i = 0; i < n; i++) {
        lower[s][i] = new double[i][lanes];
        for (int k = 0; k < i; k++) {
          upper[s][k][i] = lower[s][i][k];
        }
      }
    }
    filled = ode.central() ? new double[points - 1][n][n][lanes] : null;
  }

  /** Makes the scratch hold the coupling between {@code s} and its successors. */
  void couple(int s) {
    smoothness.at(s);
    for (int j = 0; j < n; j++) {
      for (int i = filled == null ? firstColumn(j) : 0;
          i < (filled == null ? endColumn(j) : n);
          i++) {
        double[] entry =
            filled == null ? smoothness.coupling[j % orders][i % orders] : filled[s][j][i];
        scratch.coupling[j][i] = entry;
        scratch.couplingTransposed[i][j] = entry;
      }
    }
  }

  /** Columns in which row {@code j} of a coupling may differ from zero. */
  int firstColumn(int j) {
    return dense(j) ? 0 : j / orders * orders;
  }

  int endColumn(int j) {
    return dense(j) ? n : (j / orders + 1) * orders;
  }

  private boolean dense(int row) {
    return ode.central() && row % orders == orders - 2;
  }

  double[][][] coupling() {
    return scratch.coupling;
  }

  double[][][] couplingTransposed() {
    return scratch.couplingTransposed;
  }

  Smoothness smoothness() {
    return smoothness;
  }

  /** Starts the factorisation of {@code lanes} batch elements from {@code from} on. */
  void begin(int from, int lanes) {
    this.from = from;
    this.lanes = lanes;
    attach();
    clear(scratch.next);
    if (filled != null) {
      clear(scratch.afterNext);
      for (double[][][] block : filled) {
        clear(block);
      }
    }
  }

  /** Points the shared scratch at this block, to use a finished factor. */
  void attach() {
    smoothness.block(from, lanes);
    scratch.coefficients.block(from, lanes);
  }

  private static void clear(double[][][] block) {
    for (double[][] row : block) {
      for (double[] entry : row) {
        Arrays.fill(entry, 0);
      }
    }
  }

  /** Loads the weighted coefficients of point {@code s}: {@code [equation * n + unknown]}. */
  double[][] coefficients(int s) {
    double[][] c = scratch.coefficients.at(s);
    for (int k = 0; k < c.length; k++) {
      scratch.cByUnknown[k % n][k / n] = c[k];
    }
    return c;
  }

  double[][][] coefficientsByUnknown() {
    return scratch.cByUnknown;
  }

  /** Assembles point {@code s}, factors it and takes its share from the points after it. */
  void advance(int s) {
    coefficients(s);
    smoothness.at(s);
    assemble(s);
    factor(s);
    if (s < ode.points() - 1) {
      eliminate(s);
    }
  }

  private void assemble(int s) {
    double[][][] c = scratch.cByUnknown;
    int equations = ode.equations();
    double initial = ode.penalties().initial() * ode.penalties().initial();
    int known = s < ode.initial().fromEnd(3) ? ode.initial().fromEnd(1) : 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double[] out = scratch.unscaled[i][j];
        boolean same = i / orders == j / orders;
        if (i != j) {
          Lanes.dot(out, scratch.next[i][j], c[i], c[j], 0, equations, lanes);
          if (same) {
            Lanes.add(out, smoothness.diagonal[i % orders][j % orders], lanes);
          }
          continue;
        }
        double[] whole = scratch.original[i];
        Lanes.dot(
            whole, smoothness.diagonal[i % orders][i % orders], c[i], c[i], 0, equations, lanes);
        if (i % orders < known) {
          for (int lane = 0; lane < lanes; lane++) {
            whole[lane] += initial;
          }
        }
        Lanes.combine(out, 1, whole, 1, scratch.next[i][i], lanes);
      }
    }
  }

  private void factor(int s) {
    for (int j = 0; j < n; j++) {
      for (int i = j; i < n; i++) {
        Lanes.dot(
            scratch.unscaled[i][j],
            scratch.unscaled[i][j],
            scratch.unscaled[i],
            lower[s][j],
            0,
            j,
            lanes);
      }
      double[] pivot = scratch.unscaled[j][j];
      checkPivots(pivot, scratch.original[j], s);
      Lanes.inverse(inverse[s][j], pivot, lanes);
      for (int i = j + 1; i < n; i++) {
        Lanes.product(lower[s][i][j], -1, scratch.unscaled[i][j], inverse[s][j], lanes);
      }
    }
  }

  // A pivot is what is left of a diagonal entry after subtraction: below the rounding of that
  // entry it holds no digit.
  private void checkPivots(double[] pivot, double[] original, int s) {
    double least = 4 * Math.ulp(1.0);
    for (int i = 0; i < lanes; i++) {
      if (!(pivot[i] > least * original[i]) || pivot[i] == Double.POSITIVE_INFINITY) {
        throw new IllConditioned(from + i, s, pivot[i]);
      }
    }
  }

  private void eliminate(int s) {
    if (filled != null) {
      addSmoothCoupling(s);
    }
    couple(s);
    boolean twoAhead = ode.central() && s < ode.points() - 2;
    for (int j = 0; j < n; j++) {
      solveColumn(s, j, scratch.coupling[j], firstColumn(j), endColumn(j));
    }
    if (twoAhead) {
      for (int d = 0; d < ode.variables(); d++) {
        int row = d * orders + orders - 2;
        double[][] column = new double[n][];
        column[row] = smoothness.second;
        solveColumn(s, n + d, column, row, row + 1);
      }
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double[] base = scratch.afterNext == null ? scratch.zero : scratch.afterNext[i][j];
        product(scratch.next[i][j], base, i, firstColumn(i), j, firstColumn(j));
      }
    }
    if (scratch.afterNext != null) {
      takeFromAfterNext(s, twoAhead);
    }
  }

  private void addSmoothCoupling(int s) {
    for (int j = 0; j < n; j++) {
      int start = j / orders * orders;
      for (int i = start; i < start + orders; i++) {
        Lanes.add(filled[s][j][i], smoothness.coupling[j % orders][i - start], lanes);
      }
    }
  }

  private void takeFromAfterNext(int s, boolean twoAhead) {
    if (!twoAhead) {
      return;
    }
    for (int d = 0; d < ode.variables(); d++) {
      int row = d * orders + orders - 2;
      for (int e = 0; e <= d; e++) {
        int column = e * orders + orders - 2;
        product(scratch.afterNext[row][column], scratch.zero, n + d, row, n + e, column);
      }
      for (int j = 0; j < n; j++) {
        double[] entry = filled[s + 1][row][j];
        product(entry, scratch.zero, n + d, row, j, firstColumn(j));
        Lanes.combine(entry, -1, entry, 0, entry, lanes); // v is negative, the entry is not
      }
    }
  }

  private void product(double[] out, double[] base, int i, int firstI, int j, int firstJ) {
    Lanes.dot(out, base, scratch.w[i], scratch.v[j], Math.max(firstI, firstJ), n, lanes);
  }

  /** w = (unit lower)^-1 of a column that is zero outside first..end; v = -w / pivots. */
  private void solveColumn(int s, int j, double[][] entries, int first, int end) {
    for (int k = first; k < n; k++) {
      double[] base = k < end ? entries[k] : scratch.zero;
      Lanes.dot(scratch.w[j][k], base, lower[s][k], scratch.w[j], first, k, lanes);
      Lanes.product(scratch.v[j][k], -1, inverse[s][k], scratch.w[j][k], lanes);
    }
  }
}
