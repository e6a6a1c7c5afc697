package etesian.operators.smnn;

import java.util.Arrays;

/**
 * What the smoothness rows of one block of lanes add to the normal equations, as K x K blocks; the
 * same for each variable. With the constants of {@link Taylor} and E = diag(w_s h^o):
 *
 * <pre>
 *   to the diagonal of the earlier point  E earlier E,   of the later  E later E,
 *   between later and earlier             -E across E
 * </pre>
 *
 * <p>The central form adds, over two gaps H, the row H^(K-3) u[s,K-2] + H^(K-2) u[s+1,K-1] -
 * H^(K-3) u[s+2,K-2].
 */
final class Smoothness {
  private final int orders;
  private final int points;
  private final boolean central;
  private final boolean uniform;
  private final double square;
  private final Taylor taylor;
  private final Tile steps;

  /** {@code diagonal[o][p]}, p at most o: what all smoothness rows add at the chosen point. */
  final double[][][] diagonal;

  /** Minus the block between the next point (row o) and the chosen (column p). */
  final double[][][] coupling;

  /** Minus the entry (K-2, K-2) between the point after the next and the chosen; central only. */
  final double[] second;

  private final double[][][] power; // w_s^2 h^k of the gap before and after a point, by parity
  private final int[] powersOf = {-1, -1};
  private int lanes;
  private int coupled;
  private int diagonalKind;

  Smoothness(LinearOde ode, int capacity) {
    orders = ode.orders();
    points = ode.points();
    central = ode.central();
    square = ode.penalties().smoothness() * ode.penalties().smoothness();
    uniform = ode.steps().fromEnd(1) == 1;
    taylor = new Taylor(orders, central);
    diagonal = new double[orders][orders][capacity];
    coupling = new double[orders][orders][capacity];
    second = new double[capacity];
    steps =
        Tile.reading(
            ode.steps().values(),
            ode.offsets(ode.steps(), 1),
            1,
            ode.steps().fromEnd(1),
            1,
            capacity);
    power = new double[2][2 * orders - 1][capacity];
  }

  void block(int from, int lanes) {
    steps.block(from, lanes);
    this.lanes = lanes;
    Arrays.fill(powersOf, -1);
    coupled = -1;
    diagonalKind = -1;
  }

  /** w_s^2 h^k of a gap, k from 0 to 2K-2. */
  private double[][] powers(int gap) {
    int slot = uniform ? 0 : gap & 1;
    int wanted = uniform ? 0 : gap;
    double[][] p = power[slot];
    if (powersOf[slot] != wanted) {
      powersOf[slot] = wanted;
      double[] h = steps.at(gap)[0];
      Arrays.fill(p[0], square);
      for (int k = 1; k < p.length; k++) {
        Lanes.product(p[k], h, p[k - 1], lanes);
      }
    }
    return p;
  }

  /** Sets {@link #coupling} and {@link #second} for the gaps that follow point {@code s}. */
  void couple(int s) {
    boolean same = uniform && coupled >= 0 && (!central || kind(coupled) == kind(s));
    if (s == coupled || same) {
      return;
    }
    coupled = s;
    double[][] p = powers(s);
    for (int o = 0; o < orders; o++) {
      for (int q = 0; q < orders; q++) {
        Lanes.scale(coupling[o][q], p[o + q], taylor.across()[o][q], lanes);
      }
    }
    if (central) {
      coupleCentral(s);
    }
  }

  // Which of the rows over two gaps meet at a point.
  private int kind(int s) {
    return Math.min(s, 2) * 4 + Math.min(points - 1 - s, 2);
  }

  private void coupleCentral(int s) {
    int top = orders - 1;
    for (int i = 0; i < lanes; i++) {
      if (s > 0) {
        double two = gap(s - 1, i) + gap(s, i);
        coupling[top - 1][top][i] += square * Math.pow(two, 2 * orders - 5);
      }
      if (s < points - 2) {
        double two = gap(s, i) + gap(s + 1, i);
        double q6 = square * Math.pow(two, 2 * orders - 6);
        coupling[top][top - 1][i] -= q6 * two;
        second[i] = q6;
      }
    }
  }

  private double gap(int gap, int lane) {
    return steps.at(gap)[0][lane];
  }

  /** Sets {@link #diagonal} for point {@code s}. */
  void diagonal(int s) {
    if (uniform && diagonalKind == kind(s)) {
      return;
    }
    diagonalKind = kind(s);
    double[][] before = powers(Math.max(s - 1, 0));
    double[][] after = powers(Math.min(s, points - 2));
    for (int o = 0; o < orders; o++) {
      for (int p = 0; p <= o; p++) {
        Lanes.combine(
            diagonal[o][p],
            s > 0 ? taylor.later()[o][p] : 0,
            before[o + p],
            s < points - 1 ? taylor.earlier()[o][p] : 0,
            after[o + p],
            lanes);
      }
    }
    if (central) {
      diagonalCentral(s);
    }
  }

  private void diagonalCentral(int s) {
    int top = orders - 1;
    for (int first = Math.max(s - 2, 0); first <= Math.min(s, points - 3); first++) {
      double[] entry = first == s - 1 ? diagonal[top][top] : diagonal[top - 1][top - 1];
      int exponent = first == s - 1 ? 2 * orders - 4 : 2 * orders - 6;
      for (int i = 0; i < lanes; i++) {
        entry[i] += square * Math.pow(gap(first, i) + gap(first + 1, i), exponent);
      }
    }
  }
}
