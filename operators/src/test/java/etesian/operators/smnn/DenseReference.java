package etesian.operators.smnn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes down every row of the least-squares problem as the specification has it, and solves by QR.
 */
final class DenseReference {
  private final LinearOde ode;
  private final int orders;
  private final int n;
  private final List<double[]> rows = new ArrayList<>(); // coefficients, right side last

  private DenseReference(LinearOde ode) {
    this.ode = ode;
    orders = ode.orders();
    n = ode.unknowns();
  }

  /** The solution of batch element {@code b}, [point * n + unknown]. */
  static double[] solve(LinearOde ode, int b) {
    DenseReference dense = new DenseReference(ode);
    dense.assemble(b);
    return dense.leastSquares();
  }

  private double[] row() {
    double[] row = new double[ode.points() * n + 1];
    rows.add(row);
    return row;
  }

  private int at(int s, int d, int o) {
    return s * n + d * orders + o;
  }

  private void assemble(int b) {
    int c = ode.offsets(ode.coefficients(), 4)[b];
    int r = ode.offsets(ode.rhs(), 2)[b];
    int v = ode.offsets(ode.initial(), 3)[b];
    int h = ode.offsets(ode.steps(), 1)[b];
    for (int s = 0; s < ode.points(); s++) {
      for (int e = 0; e < ode.equations(); e++) {
        double[] row = row();
        for (int i = 0; i < n; i++) {
          int time = ode.coefficients().fromEnd(4) == 1 ? 0 : s;
          row[s * n + i] =
              ode.penalties().equation()
                  * ode.coefficients().values()[c + (time * ode.equations() + e) * n + i];
        }
        int time = ode.rhs().fromEnd(2) == 1 ? 0 : s;
        row[row.length - 1] =
            ode.penalties().equation() * ode.rhs().values()[r + time * ode.equations() + e];
      }
    }
    int known = ode.initial().fromEnd(1);
    for (int s = 0; s < ode.initial().fromEnd(3); s++) {
      for (int d = 0; d < ode.variables(); d++) {
        for (int o = 0; o < known; o++) {
          double[] row = row();
          row[at(s, d, o)] = ode.penalties().initial();
          row[row.length - 1] =
              ode.penalties().initial()
                  * ode.initial().values()[v + (s * ode.variables() + d) * known + o];
        }
      }
    }
    for (int s = 0; s < ode.points() - 1; s++) {
      double gap = ode.steps().values()[h + (ode.steps().fromEnd(1) == 1 ? 0 : s)];
      for (int d = 0; d < ode.variables(); d++) {
        for (int o = 0; o < orders - (ode.central() ? 1 : 0); o++) {
          taylor(s, s + 1, gap, d, o);
          taylor(s + 1, s, -gap, d, o);
        }
        if (ode.central() && s < ode.points() - 2) {
          double next = ode.steps().values()[h + (ode.steps().fromEnd(1) == 1 ? 0 : s + 1)];
          double two = gap + next;
          double[] row = row();
          row[at(s, d, orders - 2)] = ode.penalties().smoothness() * Math.pow(two, orders - 3);
          row[at(s + 1, d, orders - 1)] = ode.penalties().smoothness() * Math.pow(two, orders - 2);
          row[at(s + 2, d, orders - 2)] = -ode.penalties().smoothness() * Math.pow(two, orders - 3);
        }
      }
    }
  }

  private void taylor(int from, int to, double gap, int d, int o) {
    double[] row = row();
    double factorial = 1;
    for (int p = o; p < orders; p++) {
      factorial *= Math.max(1, p - o);
      row[at(from, d, p)] = ode.penalties().smoothness() * Math.pow(gap, p) / factorial;
    }
    row[at(to, d, o)] = -ode.penalties().smoothness() * Math.pow(gap, o);
  }

  private double[] leastSquares() {
    double[][] a = rows.toArray(double[][]::new);
    int columns = a[0].length - 1;
    for (int k = 0; k < columns; k++) {
      double norm = 0;
      for (int i = k; i < a.length; i++) {
        norm += a[i][k] * a[i][k];
      }
      double alpha = -Math.copySign(Math.sqrt(norm), a[k][k]);
      double[] v = new double[a.length];
      double square = 0;
      for (int i = k; i < a.length; i++) {
        v[i] = a[i][k] - (i == k ? alpha : 0);
        square += v[i] * v[i];
      }
      for (int j = k; j <= columns; j++) {
        double dot = 0;
        for (int i = k; i < a.length; i++) {
          dot += v[i] * a[i][j];
        }
        for (int i = k; i < a.length; i++) {
          a[i][j] -= 2 * dot / square * v[i];
        }
      }
    }
    double[] x = new double[columns];
    for (int k = columns - 1; k >= 0; k--) {
      double sum = a[k][columns];
      for (int j = k + 1; j < columns; j++) {
        sum -= a[k][j] * x[j];
      }
      x[k] = sum / a[k][k];
    }
    return Arrays.copyOf(x, columns);
  }
}
