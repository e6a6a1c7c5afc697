package etesian.operators.smnn;

import java.util.Arrays;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.DecompositionSolver;

/**
 * All that ridge regression by phase of the day needs of the windows of a series: for each phase p
 * of the newest time A_p = sum phi phi' and B_p = sum phi e', with phi as in {@link
 * DailyCorrection} and e the amplitudes that the mechanism leaves open at each lead. The weights
 * are those of least
 *
 * <pre>
 *   sum |e - W_p' phi|^2 + v r |W_p - W|^2 + v m |W_p - W_p0|^2,   W: the same for all phases at
 *   once, towards 0
 * </pre>
 *
 * with v the mean over the windows of the largest squared amplitude of the newest field, r the
 * ridge of the lead and m a pull towards weights that were there before.
 */
final class DailyMoments {
  private final double[][] amplitudes;
  private final int[] phaseOf;
  private final int[] windows;
  private final double[][] response;
  private final int history;
  private final int horizon;
  private final int count;
  private final double[][][] a;
  private final double[][][] b;
  private final double variance;
  private final TimeLimit limit;

  /**
   * @param amplitudes of the whole series, [time][pattern]
   * @param phaseOf each time, 0 to phases - 1
   * @param response of the mechanism, [lead][position in the history]
   * @param limit of this and all that follows
   * @throws java.util.concurrent.CancellationException the time was over, here and below
   */
  DailyMoments(
      double[][] amplitudes,
      int[] phaseOf,
      int phases,
      int[] windows,
      double[][] response,
      TimeLimit limit) {
    this.limit = limit;
    this.amplitudes = amplitudes;
    this.phaseOf = phaseOf;
    this.windows = windows;
    this.response = response;
    horizon = response.length;
    history = response[0].length;
    count = amplitudes[0].length;
    a = new double[phases][inputs()][inputs()];
    b = new double[phases][inputs()][outputs()];
    double squares = 0;
    double[] phi = new double[inputs()];
    double[] open = new double[outputs()];
    for (int window : windows) {
      limit.check();
      int newest = window + history - 1;
      read(newest, phi, open);
      squares += Arrays.stream(amplitudes[newest]).map(z -> z * z).max().orElseThrow();
      double[][] aOfPhase = a[phaseOf[newest]];
      double[][] bOfPhase = b[phaseOf[newest]];
      for (int i = 0; i < phi.length; i++) {
        addTo(aOfPhase[i], phi, phi[i], i + 1); // the lower half; the other one is its mirror
        addTo(bOfPhase[i], open, phi[i], open.length);
      }
    }
    variance = squares / windows.length;
  }

  private static void addTo(double[] row, double[] values, double factor, int to) {
    for (int i = 0; i < to; i++) {
      row[i] += factor * values[i];
    }
  }

  private int inputs() {
    return history * count;
  }

  private int outputs() {
    return horizon * count;
  }

  private void read(int newest, double[] phi, double[] open) {
    for (int back = 0; back < history; back++) {
      for (int k = 0; k < count; k++) {
        phi[back * count + k] = amplitudes[newest - back][k] * DailyCorrection.fading(back);
      }
    }
    for (int lead = 0; lead < horizon; lead++) {
      for (int k = 0; k < count; k++) {
        double left = amplitudes[newest + 1 + lead][k];
        for (int j = 0; j < history; j++) {
          left -= response[lead][j] * amplitudes[newest - history + 1 + j][k];
        }
        open[lead * count + k] = left;
      }
    }
  }

  /** Weights of one ridge for all leads, [phase][input][output]. */
  double[][][] fit(double ridge) {
    double[] same = new double[horizon];
    Arrays.fill(same, ridge);
    return fit(same, 0, null);
  }

  /**
   * @param ridge by lead
   * @param pull m above
   * @param before [phase][output][input]; may be null without a pull
   * @return [phase][input][output]
   */
  double[][][] fit(double[] ridge, double pull, float[][][] before) {
    double[][][] fitted = new double[a.length][inputs()][outputs()];
    for (double strength : Arrays.stream(ridge).distinct().toArray()) {
      int[] leads = leadsOf(ridge, strength);
      double[][] common =
          solve(sum(a), variance * strength, columns(sum(b), leads)); // of all phases, towards 0
      for (int p = 0; p < a.length; p++) {
        limit.check();
        double[][] right = columns(b[p], leads);
        for (int i = 0; i < right.length; i++) {
          for (int o = 0; o < right[i].length; o++) {
            double old = pull > 0 ? before[p][leads[o / count] * count + o % count][i] : 0;
            right[i][o] += variance * (strength * common[i][o] + pull * old);
          }
        }
        double[][] solved = solve(a[p], variance * (strength + pull), right);
        for (int i = 0; i < solved.length; i++) {
          for (int o = 0; o < solved[i].length; o++) {
            fitted[p][i][leads[o / count] * count + o % count] = solved[i][o];
          }
        }
      }
    }
    return fitted;
  }

  private int[] leadsOf(double[] ridge, double strength) {
    int[] leads = new int[horizon];
    int found = 0;
    for (int lead = 0; lead < horizon; lead++) {
      if (ridge[lead] == strength) {
        leads[found++] = lead;
      }
    }
    return Arrays.copyOf(leads, found);
  }

  private double[][] columns(double[][] matrix, int[] leads) {
    double[][] chosen = new double[matrix.length][leads.length * count];
    for (int i = 0; i < matrix.length; i++) {
      for (int l = 0; l < leads.length; l++) {
        System.arraycopy(matrix[i], leads[l] * count, chosen[i], l * count, count);
      }
    }
    return chosen;
  }

  private static double[][] sum(double[][][] byPhase) {
    double[][] sum = new double[byPhase[0].length][byPhase[0][0].length];
    for (double[][] matrix : byPhase) {
      for (int i = 0; i < sum.length; i++) {
        addTo(sum[i], matrix[i], 1, sum[i].length);
      }
    }
    return sum;
  }

  /** (lower + diagonal)^-1 right; lower holds the lower half of a symmetric matrix. */
  private static double[][] solve(double[][] lower, double diagonal, double[][] right) {
    double[][] whole = new double[lower.length][lower.length];
    for (int i = 0; i < whole.length; i++) {
      for (int j = 0; j <= i; j++) {
        whole[i][j] = lower[i][j];
        whole[j][i] = lower[i][j];
      }
      whole[i][i] += diagonal;
    }
    DecompositionSolver solver =
        new CholeskyDecomposition(new Array2DRowRealMatrix(whole, false)).getSolver();
    return solver.solve(new Array2DRowRealMatrix(right, false)).getData();
  }

  /**
   * Mean square of what is left open at each lead, over the windows.
   *
   * @param weights [phase][input][output]; null for none
   */
  double[] left(double[][][] weights) {
    double[] squares = new double[horizon];
    double[] phi = new double[inputs()];
    double[] open = new double[outputs()];
    for (int window : windows) {
      limit.check();
      int newest = window + history - 1;
      read(newest, phi, open);
      for (int i = 0; weights != null && i < phi.length; i++) {
        addTo(open, weights[phaseOf[newest]][i], -phi[i], open.length);
      }
      for (int o = 0; o < open.length; o++) {
        squares[o / count] += open[o] * open[o] / windows.length;
      }
    }
    return squares;
  }
}
