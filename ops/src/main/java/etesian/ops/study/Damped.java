package etesian.ops.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A climatology and what is left of today's anomaly at each lead, a factor per cell fitted on the
 * training part:
 *
 * <pre>  forecast(t + k) = c(t + k) + r_k (x(t) - c(t)),   r_k = sum a(t) a(t + k) / sum a(t)^2
 * </pre>
 */
final class Damped {
  private final Truth truth;
  private final int[] leads;
  private final Normals normals;
  private final double[][] factors; // by lead, by cell

  /**
   * @param years of the newest fields at any time that c is the mean of; 0 for the training part
   */
  Damped(Truth truth, int[] leads, int years) {
    this.truth = truth;
    this.leads = leads;
    normals = new Normals(truth, years);
    factors = new double[leads.length][truth.cells()];
    fit();
  }

  private void fit() {
    Map<Integer, double[]> normal = normals.training();
    for (int i = 0; i < leads.length; i++) {
      double[] product = new double[truth.cells()];
      double[] square = new double[truth.cells()];
      for (int at = 0; at < truth.split(); at++) {
        int target = truth.after(at, leads[i]);
        if (target < 0 || target >= truth.split()) {
          continue;
        }
        double[] now = normal.get(truth.season(at));
        double[] then = normal.get(truth.season(target));
        for (int cell = 0; cell < product.length; cell++) {
          double a = truth.frame(at)[cell] - now[cell];
          product[cell] += a * (truth.frame(target)[cell] - then[cell]);
          square[cell] += a * a;
        }
      }
      for (int cell = 0; cell < product.length; cell++) {
        factors[i][cell] = square[cell] > 0 ? product[cell] / square[cell] : 0;
      }
    }
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
          List<float[]> forecast = new ArrayList<>();
          double[] now = normal.get(truth.season(at));
          for (int i = 0; i < leads.length; i++) {
            int target = truth.after(at, leads[i]);
            double[] then = target < 0 ? now : normal.get(truth.season(target));
            float[] frame = new float[truth.cells()];
            for (int cell = 0; cell < frame.length; cell++) {
              double anomaly = truth.frame(at)[cell] - now[cell];
              frame[cell] = (float) (then[cell] + factors[i][cell] * anomaly);
            }
            forecast.add(frame);
          }
          return forecast;
        });
  }
}
