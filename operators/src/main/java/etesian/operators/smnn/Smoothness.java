package etesian.operators.smnn;

import java.util.Arrays;

/**
 * The Taylor rows of one block of lanes, as K x K blocks of the normal equations; the same for each
 * variable. With F[o,p] = 1/(p-o)! for p at least o, signs S = diag((-1)^o) and E = diag(w_s h^o):
 *
 * <pre>
 *   to the diagonal of the earlier point  E F'F E + E^2,   of the later  S E F'F E S + E^2,
 *   between later and earlier             -E ( F + S F'S ) E
 * </pre>
 *
 * The central form drops the highest order from F and from the E^2 term and adds, over two gaps H,
 * the row H^(K-3) u[s,K-2] + H^(K-2) u[s+1,K-1] - H^(K-3) u[s+2,K-2].
 */
final class Smoothness {
  private final int orders;
  private final int points;
  private final boolean central;
  private final double square;
  private final double[] values;
  private final int[] offsets;
  private final boolean uniform;
  private final double[] inverseFactorial;
  private final double[][] earlier;
  private final double[][] later;
  private final double[][] across;

  /** {@code diagonal[o][p]}, p at most o: what all smoothness rows add at the current point. */
  final double[][][] diagonal;

  /** Minus the block between the next point (row o) and the current (column p). */
  final double[][][] coupling;

  /** Minus the entry (K-2, K-2) between the point after the next and the current; central only. */
  final double[] second;

  private final Tile steps;
  private final double[][] power;
  private final double[][] gaps; // h of the gaps s-2, s-1, s, s+1
  private int lanes;
  private int known = -1;
  private int current = -1;

  Smoothness(LinearOde ode, int capacity) {
    orders = ode.orders();
    points = ode.points();
    central = ode.central();
    square = ode.penalties().smoothness() * ode.penalties().smoothness();
    values = ode.steps().values();
    offsets = ode.offsets(ode.steps(), 1);
    uniform = ode.steps().fromEnd(1) == 1;
    inverseFactorial = new double[orders];
    inverseFactorial[0] = 1;
    for (int k = 1; k < orders; k++) {
      inverseFactorial[k] = inverseFactorial[k - 1] / k;
    }
    earlier = new double[orders][orders];
    later = new double[orders][orders];
    across = new double[orders][orders];
    double[][] f = new double[orders][orders];
    int matched = central ? orders - 1 : orders;
    for (int o = 0; o < matched; o++) {
      for (int p = o; p < orders; p++) {
        f[o][p] = inverseFactorial[p - o];
      }
    }
    for (int o = 0; o < orders; o++) {
      for (int p = 0; p < orders; p++) {
        double gram = 0;
        for (int q = 0; q < orders; q++) {
          gram += f[q][o] * f[q][p];
        }
        double kept = o == p && o < matched ? 1 : 0;
        earlier[o][p] = gram + kept;
        later[o][p] = sign(o + p) * gram + kept;
        across[o][p] = f[o][p] + sign(o + p) * f[p][o];
      }
    }
    diagonal = new double[orders][orders][capacity];
    coupling = new double[orders][orders][capacity];
    second = new double[capacity];
    steps = new Tile(values, offsets, 1, ode.steps().fromEnd(1), 1, capacity);
    power = new double[2 * orders - 1][capacity];
    gaps = new double[4][capacity];
  }

  private static double sign(int exponent) {
    return exponent % 2 == 0 ? 1 : -1;
  }

  void block(int from, int lanes) {
    steps.block(from, lanes);
    this.lanes = lanes;
    known = -1;
    current = -1;
  }

  /** Sets all blocks for time point {@code s}. */
  void at(int s) {
    int kind = Math.min(s, 2) * 4 + Math.min(points - 1 - s, 2);
    if (s == current || uniform && kind == known) {
      return; // equal steps: only the first and last two points differ from the others
    }
    known = kind;
    current = s;
    for (int g = 0; g < 4; g++) {
      int gap = s - 2 + g;
      if (gap >= 0 && gap < points - 1) {
        System.arraycopy(steps.at(gap)[0], 0, gaps[g], 0, lanes);
      }
    }
    for (double[][] row : diagonal) {
      for (double[] entry : row) {
        Arrays.fill(entry, 0);
      }
    }
    if (s > 0) {
      powers(gaps[1]);
      addDiagonal(later);
    }
    if (s < points - 1) {
      powers(gaps[2]);
      addDiagonal(earlier);
      for (int o = 0; o < orders; o++) {
        for (int p = 0; p < orders; p++) {
          Lanes.combine(coupling[o][p], across[o][p], power[o + p], 0, power[o + p], lanes);
        }
      }
    }
    if (central) {
      addCentral(s);
    }
  }

  private void powers(double[] h) {
    Arrays.fill(power[0], square);
    for (int k = 1; k < power.length; k++) {
      Lanes.product(power[k], 1, h, power[k - 1], lanes);
    }
  }

  private void addDiagonal(double[][] constants) {
    for (int o = 0; o < orders; o++) {
      for (int p = 0; p <= o; p++) {
        Lanes.scalar1(diagonal[o][p], diagonal[o][p], constants[o][p], power[o + p], lanes);
      }
    }
  }

  private void addCentral(int s) {
    int top = orders - 1;
    for (int first = s - 2; first <= s; first++) {
      if (first < 0 || first > points - 3) {
        continue;
      }
      double[] left = gaps[first - s + 2];
      double[] right = gaps[first - s + 3];
      for (int i = 0; i < lanes; i++) {
        double two = left[i] + right[i];
        double q4 = square * Math.pow(two, 2 * orders - 4);
        double q6 = q4 / (two * two);
        if (first == s - 1) {
          diagonal[top][top][i] += q4;
          coupling[top - 1][top][i] += q4 / two;
        } else {
          diagonal[top - 1][top - 1][i] += q6;
        }
        if (first == s) {
          coupling[top][top - 1][i] -= q4 / two;
          second[i] = q6;
        }
      }
    }
  }

  /**
   * Adds to {@code out} the gradient with respect to the gaps at points s and s+1 (and s+2 when
   * central): minus, over all rows that hold the gap, (row' x)(row y) + (row x)(row' y), where row'
   * is the derivative of the row by the gap. x and y hold the unknowns of three points from s on,
   * for {@code count} batch elements from {@code first} on.
   */
  void gradient(double[][][] x, double[][][] y, int s, int first, int count, double[] out) {
    if (s >= points - 1) {
      return;
    }
    int matched = central ? orders - 1 : orders;
    int variables = x[0].length / orders;
    for (int i = 0; i < count; i++) {
      int base = offsets[first + i];
      double h = values[base + (uniform ? 0 : s)];
      double sum = 0;
      for (int d = 0; d < variables; d++) {
        int at = d * orders;
        for (int o = 0; o < matched; o++) {
          sum += row(x[0], x[1], y[0], y[1], at, o, h, i);
          sum += row(x[1], x[0], y[1], y[0], at, o, -h, i);
        }
      }
      out[base + (uniform ? 0 : s)] -= square * sum;
      if (central && s < points - 2) {
        double two = h + values[base + (uniform ? 0 : s + 1)];
        double both = -square * centralRow(x, y, two, variables, i);
        out[base + (uniform ? 0 : s)] += both;
        out[base + (uniform ? 0 : s + 1)] += both;
      }
    }
  }

  // The backward rows are the forward rows of -h, with the derivative by h of opposite sign.
  private double row(
      double[][] x0,
      double[][] x1,
      double[][] y0,
      double[][] y1,
      int at,
      int o,
      double h,
      int lane) {
    double scale = 1;
    for (int k = 0; k < o; k++) {
      scale *= h;
    }
    double slopeScale = o == 0 ? 0 : o * scale / h;
    double rowX = -scale * x1[at + o][lane];
    double rowY = -scale * y1[at + o][lane];
    double slopeX = -slopeScale * x1[at + o][lane];
    double slopeY = -slopeScale * y1[at + o][lane];
    for (int p = o; p < orders; p++) {
      double term = scale * inverseFactorial[p - o];
      double slope = p == 0 ? 0 : p * term / h;
      rowX += term * x0[at + p][lane];
      rowY += term * y0[at + p][lane];
      slopeX += slope * x0[at + p][lane];
      slopeY += slope * y0[at + p][lane];
      scale *= h;
    }
    return (h < 0 ? -1 : 1) * (slopeX * rowY + rowX * slopeY);
  }

  private double centralRow(double[][][] x, double[][][] y, double two, int variables, int lane) {
    double outer = Math.pow(two, orders - 3);
    double middle = outer * two;
    double outerSlope = (orders - 3) * outer / two;
    double middleSlope = (orders - 2) * outer;
    double sum = 0;
    for (int d = 0; d < variables; d++) {
      int low = d * orders + orders - 2;
      double ax = x[0][low][lane] - x[2][low][lane];
      double ay = y[0][low][lane] - y[2][low][lane];
      double bx = x[1][low + 1][lane];
      double by = y[1][low + 1][lane];
      sum +=
          (outerSlope * ax + middleSlope * bx) * (outer * ay + middle * by)
              + (outer * ax + middle * bx) * (outerSlope * ay + middleSlope * by);
    }
    return sum;
  }
}
