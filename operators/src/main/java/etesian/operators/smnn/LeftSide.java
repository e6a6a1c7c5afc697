package etesian.operators.smnn;

/** What the left side of one block of lanes is made of: coefficients, and coupling in time. */
final class LeftSide {
  private final LinearOde ode;
  private final int n;
  private final int orders;
  private final Tile tile;

  /** The Taylor rows. */
  final Smoothness smoothness;

  /** {@code byUnknown[i][e]}: coefficients of unknown i in equation e, times w_e, as loaded. */
  final double[][][] byUnknown;

  /** {@code byEquation[e][i]}: the same numbers. */
  final double[][][] byEquation;

  /** Minus the block between the next point (row) and the coupled one (column). */
  final double[][][] coupling;

  /** {@code couplingTransposed[i][j]} is {@code coupling[j][i]}. */
  final double[][][] couplingTransposed;

  LeftSide(LinearOde ode, int capacity) {
    this.ode = ode;
    n = ode.unknowns();
    orders = ode.orders();
    smoothness = new Smoothness(ode, capacity);
    tile =
        Tile.reading(
            ode.coefficients().values(),
            ode.offsets(ode.coefficients(), 4),
            ode.equations() * n,
            ode.coefficients().fromEnd(4),
            ode.penalties().equation(),
            capacity);
    byUnknown = new double[n][ode.equations()][];
    byEquation = new double[ode.equations()][n][];
    coupling = new double[n][n][];
    couplingTransposed = new double[n][n][];
    for (int j = 0; j < n && !ode.central(); j++) {
      for (int i = firstColumn(j); i < endColumn(j); i++) {
        set(j, i, smoothness.coupling[j % orders][i % orders]);
      }
    }
  }

  private void set(int row, int column, double[] entry) {
    coupling[row][column] = entry;
    couplingTransposed[column][row] = entry;
  }

  void block(int from, int lanes) {
    smoothness.block(from, lanes);
    tile.block(from, lanes);
  }

  /** Loads the coefficients of point {@code s}. */
  void load(int s) {
    double[][] c = tile.at(s);
    for (int e = 0; e < byEquation.length; e++) {
      for (int i = 0; i < n; i++) {
        double[] entry = c[e * n + i];
        byUnknown[i][e] = entry;
        byEquation[e][i] = entry;
      }
    }
  }

  /** Sets the coupling between {@code s} and its successors. */
  void couple(int s, Factor factor) {
    smoothness.couple(s);
    for (int j = 0; j < n && ode.central(); j++) {
      for (int i = 0; i < n; i++) {
        set(j, i, factor.filled[s][j][i]);
      }
    }
  }

  /** Columns in which row {@code j} of a coupling may differ from zero, from this one on. */
  int firstColumn(int j) {
    return dense(j) ? 0 : j / orders * orders;
  }

  int endColumn(int j) {
    return dense(j) ? n : (j / orders + 1) * orders;
  }

  private boolean dense(int row) {
    return ode.central() && row % orders == orders - 2;
  }
}
