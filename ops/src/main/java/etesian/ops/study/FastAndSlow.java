package etesian.ops.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.math3.optim.InitialGuess;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.PointValuePair;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunction;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.NelderMeadSimplex;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.SimplexOptimizer;

/**
 * A differential equation with a fast and a slow mode, the same in all cells, three numbers in all,
 * fitted on the training part so that the mean square error over all leads up to the last is least:
 *
 * <pre>
 *   u = f + s,   f' = -f / T_fast,   s' = -s / T_slow
 *   forecast(t + k) = c(t + k) + e^(-k/T_fast) f(t) + e^(-k/T_slow) s(t)
 *   s(t) = e^(-1/T_slow) s(t-1) + g (x(t) - forecast(t)),   f(t) = x(t) - c(t) - s(t)
 * </pre>
 *
 * with g the share of a surprise that the slow mode takes up, as in a Kalman filter that has come
 * to rest: it remembers what one field cannot tell. Both begin at 0, also after a gap.
 */
final class FastAndSlow {
  private static final double FORGOTTEN = 1e-6;
  private static final int EVALUATIONS = 2000; // a few hundred are enough
  private static final double CONVERGED = 1e-7;
  private static final double[][] STARTS = {{1, 20, 0.1}, {4, 80, 0.05}};

  private final Truth truth;
  private final int[] leads;
  private final Normals normals;
  private final Numbers numbers;

  /**
   * What is fitted.
   *
   * @param fast steps until that mode has decayed to 1/e
   * @param slow likewise
   * @param gain g above
   */
  record Numbers(double fast, double slow, double gain) {
    /** As the optimiser sees them: any real numbers will do. */
    static Numbers of(double[] point) {
      return new Numbers(Math.exp(point[0]), Math.exp(point[1]), 1 / (1 + Math.exp(-point[2])));
    }

    double[] point() {
      return new double[] {Math.log(fast), Math.log(slow), Math.log(gain / (1 - gain))};
    }

    double fastLeft(int steps) {
      return Math.exp(-steps / fast);
    }

    double slowLeft(int steps) {
      return Math.exp(-steps / slow);
    }

    /** Steps after which the slow mode has forgotten an anomaly. */
    int memory() {
      double left = (1 - gain) * slowLeft(1) + gain * fastLeft(1);
      return (int) Math.ceil(Math.log(FORGOTTEN) / Math.log(left));
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "e-folding %.1f and %.1f steps, gain %.3f", fast, slow, gain);
    }

    /**
     * Takes the slow mode to the time of an anomaly.
     *
     * @param before the anomaly a step earlier; zeros at the beginning
     */
    void step(double[] slowMode, double[] before, double[] anomaly) {
      double slowLeft = slowLeft(1);
      double fastLeft = fastLeft(1);
      for (int cell = 0; cell < slowMode.length; cell++) {
        double expected = slowLeft * slowMode[cell];
        double surprise = anomaly[cell] - expected - fastLeft * (before[cell] - slowMode[cell]);
        slowMode[cell] = expected + gain * surprise;
      }
    }
  }

  /**
   * @param years of the newest fields at any time that c is the mean of; 0 for the training part
   */
  FastAndSlow(Truth truth, int[] leads, int years) {
    this.truth = truth;
    this.leads = leads;
    normals = new Normals(truth, years);
    numbers = fit();
  }

  Numbers numbers() {
    return numbers;
  }

  private Numbers fit() {
    double[][] anomalies = new double[truth.split()][];
    for (int at = 0; at < anomalies.length; at++) {
      anomalies[at] = anomaly(at, normals.training());
    }
    ObjectiveFunction loss = new ObjectiveFunction(p -> loss(Numbers.of(p), anomalies));
    PointValuePair best = null;
    for (double[] start : STARTS) {
      double[] guess = new Numbers(start[0], start[1], start[2]).point();
      PointValuePair found =
          new SimplexOptimizer(CONVERGED, 0)
              .optimize(
                  new MaxEval(EVALUATIONS),
                  loss,
                  GoalType.MINIMIZE,
                  new InitialGuess(guess),
                  new NelderMeadSimplex(guess.length, 0.5));
      best = best == null || found.getValue() < best.getValue() ? found : best;
    }
    return Numbers.of(best.getPoint());
  }

  private double[] anomaly(int at, Map<Integer, double[]> normal) {
    double[] mean = normal.get(truth.season(at)); // null before its season was ever seen
    double[] anomaly = new double[truth.cells()];
    for (int cell = 0; cell < anomaly.length; cell++) {
      anomaly[cell] =
          mean != null && truth.weight(cell) > 0 ? truth.frame(at)[cell] - mean[cell] : 0;
    }
    return anomaly;
  }

  private double loss(Numbers tried, double[][] anomalies) {
    double sum = 0;
    long pairs = 0;
    double[] zeros = new double[truth.cells()];
    double[] slow = zeros.clone();
    for (int at = 0; at < anomalies.length; at++) {
      boolean follows = truth.complete(at, 2);
      slow = follows ? slow : zeros.clone();
      tried.step(slow, follows ? anomalies[at - 1] : zeros, anomalies[at]);
      for (int lead = 1; lead <= leads[leads.length - 1]; lead++) {
        int target = at + lead;
        if (target >= anomalies.length || !truth.complete(target, lead + 1)) {
          break;
        }
        double fastLeft = tried.fastLeft(lead);
        double slowLeft = tried.slowLeft(lead);
        for (int cell = 0; cell < slow.length; cell++) {
          double error =
              fastLeft * (anomalies[at][cell] - slow[cell])
                  + slowLeft * slow[cell]
                  - anomalies[target][cell];
          sum += truth.weight(cell) * error * error;
        }
        pairs++;
      }
    }
    return sum / pairs;
  }

  /**
   * @param history fields that an issue time must have had without a gap
   */
  double[] rmse(int history) {
    return truth.rmse(
        leads,
        history,
        at -> {
          Map<Integer, double[]> normal = normals.at(at);
          double[] slow = slow(at, normal);
          double[] now = anomaly(at, normal);
          List<float[]> forecast = new ArrayList<>();
          for (int lead : leads) {
            int target = truth.after(at, lead);
            double[] then = normal.get(truth.season(Math.max(target, 0)));
            float[] frame = new float[now.length];
            for (int cell = 0; cell < frame.length; cell++) {
              frame[cell] =
                  (float)
                      (then[cell]
                          + numbers.fastLeft(lead) * (now[cell] - slow[cell])
                          + numbers.slowLeft(lead) * slow[cell]);
            }
            forecast.add(frame);
          }
          return forecast;
        });
  }

  private double[] slow(int at, Map<Integer, double[]> normal) {
    int first = at;
    while (first > 0 && at - first < numbers.memory() && truth.complete(first, 2)) {
      first--;
    }
    double[] slow = new double[truth.cells()];
    double[] before = new double[truth.cells()];
    for (int past = first; past <= at; past++) {
      double[] anomaly = anomaly(past, normal);
      numbers.step(slow, before, anomaly);
      before = anomaly;
    }
    return slow;
  }
}
