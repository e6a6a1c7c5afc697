package etesian.operators.smnn;

import java.util.Arrays;

/**
 * The solver for a batch of one element, where lanes would be empty: the equations of {@link
 * Elimination} and {@link Substitution} on plain numbers, without the central form. Matrices are
 * flat, rows one after the other.
 */
final class SingleSolver {
  private final LinearOde ode;
  private final int n;
  private final int orders;
  private final int points;
  private final int triangle;
  private final double[] c;
  private final double[] h;
  private final double square;
  private final Taylor taylor;
  private final double[] lower; // G[s] by rows; the inverse of each diagonal entry in its place
  private final double[] d; // D[s] by rows, the lower triangle
  private final double[] w; // row j: column j of W[s]
  private final double[] smooth; // K x K: diagonal block of the smoothness rows
  private final double[] coupling; // K x K: minus the block between a point and the one before
  private double[] before; // w_s^2 h^k of the gap before a point, and after it
  private double[] after;

  SingleSolver(LinearOde ode) {
    this.ode = ode;
    n = ode.unknowns();
    orders = ode.orders();
    points = ode.points();
    triangle = n * (n + 1) / 2;
    c = ode.coefficients().values();
    h = ode.steps().values();
    square = ode.penalties().smoothness() * ode.penalties().smoothness();
    taylor = new Taylor(orders, false);
    lower = new double[points * triangle];
    d = new double[n * n];
    w = new double[n * n];
    smooth = new double[orders * orders];
    coupling = new double[orders * orders];
    before = new double[2 * orders - 1];
    after = new double[2 * orders - 1];
    factorAll();
  }

  /** Whether this class solves {@code ode}. */
  static boolean serves(LinearOde ode) {
    return ode.batch() == 1 && !ode.central();
  }

  private double gap(int s) {
    return h[h.length == 1 ? 0 : s];
  }

  private int coefficientsOf(int s) {
    return ode.coefficients().fromEnd(4) == 1 ? 0 : s * ode.equations() * n;
  }

  private void factorAll() {
    smoothDiagonal(0);
    for (int s = 0; s < points; s++) {
      if (s == 0) {
        addSmoothness();
      }
      factorPoint(s);
      if (s < points - 1) {
        couple(s);
        eliminate(s);
        smoothDiagonal(s + 1);
        addSmoothness();
      }
    }
  }

  /** Sets the diagonal block of the smoothness rows at {@code s}, and the powers of its gaps. */
  private void smoothDiagonal(int s) {
    double[] oldest = before;
    before = after;
    after = oldest;
    Arrays.fill(after, 0);
    if (s < points - 1) {
      after[0] = square;
      for (int k = 1; k < after.length; k++) {
        after[k] = after[k - 1] * gap(s);
      }
    }
    for (int o = 0; o < orders; o++) {
      for (int p = 0; p <= o; p++) {
        smooth[o * orders + p] =
            taylor.later()[o][p] * before[o + p] + taylor.earlier()[o][p] * after[o + p];
      }
    }
  }

  private void addSmoothness() {
    for (int i = 0; i < n; i++) {
      int block = i / orders * orders;
      for (int j = block; j < i; j++) {
        d[i * n + j] += smooth[(i - block) * orders + j - block];
      }
    }
  }

  private void couple(int s) {
    double power = square;
    for (int sum = 0; sum < 2 * orders - 1; sum++) {
      for (int o = Math.max(0, sum - orders + 1); o <= Math.min(sum, orders - 1); o++) {
        coupling[o * orders + sum - o] = taylor.across()[o][sum - o] * power;
      }
      power *= gap(s);
    }
  }

  /** D[s] = C'C + what elimination left; D[s] = G G'. */
  private void factorPoint(int s) {
    double weight = ode.penalties().equation() * ode.penalties().equation();
    double initial = ode.penalties().initial() * ode.penalties().initial();
    int known = s < ode.initial().fromEnd(3) ? ode.initial().fromEnd(1) : 0;
    int start = coefficientsOf(s);
    int end = start + ode.equations() * n;
    for (int row = start; row < end; row += n) {
      for (int i = 0; i < n; i++) {
        double scaled = weight * c[row + i];
        for (int j = 0; j < i; j++) {
          d[i * n + j] += scaled * c[row + j];
        }
      }
    }
    int at = s * triangle;
    for (int i = 0; i < n; i++) {
      int rowI = at + i * (i + 1) / 2;
      double taken = d[i * n + i];
      for (int j = 0; j < i; j++) {
        int rowJ = at + j * (j + 1) / 2;
        double entry = d[i * n + j];
        for (int k = 0; k < j; k++) {
          entry -= lower[rowI + k] * lower[rowJ + k];
        }
        entry *= lower[rowJ + j];
        lower[rowI + j] = entry;
        taken -= entry * entry;
      }
      int order = i % orders;
      double original = smooth[order * orders + order] + (order < known ? initial : 0);
      for (int row = start; row < end; row += n) {
        original += weight * c[row + i] * c[row + i];
      }
      double pivot = original + taken;
      if (!Elimination.safe(pivot, original)) {
        throw new IllConditioned(0, s, pivot);
      }
      lower[rowI + i] = 1 / Math.sqrt(pivot);
    }
  }

  /** W = G^-1 B'; D = -W'W for the next point. */
  private void eliminate(int s) {
    int at = s * triangle;
    for (int j = 0; j < n; j++) {
      int first = j / orders * orders;
      int rowOfB = (j - first) * orders;
      for (int k = first; k < n; k++) {
        int row = at + k * (k + 1) / 2;
        double entry = k < first + orders ? coupling[rowOfB + k - first] : 0;
        for (int m = first; m < k; m++) {
          entry -= lower[row + m] * w[j * n + m];
        }
        w[j * n + k] = entry * lower[row + k];
      }
      for (int i = 0; i <= j; i++) {
        double sum = 0;
        for (int k = first; k < n; k++) {
          sum -= w[j * n + k] * w[i * n + k];
        }
        d[j * n + i] = sum;
      }
    }
  }

  /** The right side of the equations and initial values, by point and unknown. */
  static double[] rightSide(LinearOde ode) {
    int n = ode.unknowns();
    int equations = ode.equations();
    double[] z = new double[ode.points() * n];
    double weight = ode.penalties().equation() * ode.penalties().equation();
    double[] c = ode.coefficients().values();
    double[] r = ode.rhs().values();
    for (int s = 0; s < ode.points(); s++) {
      int atC = ode.coefficients().fromEnd(4) == 1 ? 0 : s * equations * n;
      int atR = ode.rhs().fromEnd(2) == 1 ? 0 : s * equations;
      for (int e = 0; e < equations; e++) {
        double scaled = weight * r[atR + e];
        for (int i = 0; i < n; i++) {
          z[s * n + i] += scaled * c[atC + e * n + i];
        }
      }
    }
    double[] v = ode.initial().values();
    int known = ode.initial().fromEnd(1);
    double initial = ode.penalties().initial() * ode.penalties().initial();
    for (int k = 0; k < v.length; k++) {
      z[k / known * ode.orders() + k % known] += initial * v[k];
    }
    return z;
  }

  /** Solves for a right side, in place. */
  void solve(double[] z) {
    substitute(z);
    for (int i = 0; i < n; i++) { // what is not finite spreads to the first point
      if (!Double.isFinite(z[i])) {
        throw new ArithmeticException(
            "batch element 0: the solution is not finite; scale its inputs");
      }
    }
  }

  private void substitute(double[] z) {
    double[] q = new double[n];
    for (int s = 0; s < points - 1; s++) {
      System.arraycopy(z, s * n, q, 0, n);
      solvePoint(s, q, 0);
      couple(s);
      for (int j = 0; j < n; j++) {
        int first = j / orders * orders;
        double sum = z[(s + 1) * n + j];
        for (int o = 0; o < orders; o++) {
          sum += coupling[(j - first) * orders + o] * q[first + o];
        }
        z[(s + 1) * n + j] = sum;
      }
    }
    for (int s = points - 1; s >= 0; s--) {
      if (s < points - 1) {
        couple(s);
        for (int j = 0; j < n; j++) {
          int first = j / orders * orders;
          double sum = z[s * n + j];
          for (int o = 0; o < orders; o++) {
            sum += coupling[o * orders + j - first] * z[(s + 1) * n + first + o];
          }
          z[s * n + j] = sum;
        }
      }
      solvePoint(s, z, s * n);
    }
  }

  /** z = D[s]^-1 z, for n numbers from {@code from} on. */
  private void solvePoint(int s, double[] z, int from) {
    int at = s * triangle;
    for (int i = 0; i < n; i++) {
      int row = at + i * (i + 1) / 2;
      double rest = z[from + i];
      for (int k = 0; k < i; k++) {
        rest -= lower[row + k] * z[from + k];
      }
      z[from + i] = rest * lower[row + i];
    }
    for (int i = n - 1; i >= 0; i--) {
      int row = at + i * (i + 1) / 2;
      double value = z[from + i] * lower[row + i];
      z[from + i] = value;
      for (int k = 0; k < i; k++) {
        z[from + k] -= lower[row + k] * value;
      }
    }
  }

  /** The factor as one lane, for a batch of right sides. */
  Factor factor() {
    Factor factor = new Factor(ode, 1).of(0, 1);
    int at = 0;
    for (int s = 0; s < points; s++) {
      for (int i = 0; i < n; i++) {
        for (int k = 0; k < i; k++) {
          factor.lower[s][i][k][0] = lower[at++];
        }
        factor.inverse[s][i][0] = lower[at++];
      }
    }
    return factor;
  }
}
