package etesian.ops.study;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
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
  private final int years;
  private final double[][] factors; // by lead, by cell

  /**
   * @param years of the newest fields at any time that c is the mean of; 0 for the training part
   */
  Damped(Truth truth, int[] leads, int years) {
    this.truth = truth;
    this.leads = leads;
    this.years = years;
    factors = new double[leads.length][truth.cells()];
    fit();
  }

  private void fit() {
    Map<Integer, double[]> normal = means(0, truth.split());
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

  /** Mean of each season over positions from (inclusive) to (exclusive). */
  private Map<Integer, double[]> means(int from, int to) {
    Map<Integer, double[]> sums = new HashMap<>();
    Map<Integer, Integer> counts = new HashMap<>();
    for (int at = from; at < to; at++) {
      double[] sum = sums.computeIfAbsent(truth.season(at), s -> new double[truth.cells()]);
      for (int cell = 0; cell < sum.length; cell++) {
        sum[cell] += truth.frame(at)[cell];
      }
      counts.merge(truth.season(at), 1, Integer::sum);
    }
    sums.forEach(
        (season, sum) -> {
          for (int cell = 0; cell < sum.length; cell++) {
            sum[cell] /= counts.get(season);
          }
        });
    return sums;
  }

  double[] rmse() {
    Map<Integer, double[]> fixed = means(0, truth.split());
    return truth.rmse(
        leads,
        1,
        at -> {
          Map<Integer, double[]> normal = years == 0 ? fixed : means(firstOf(at), at + 1);
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

  private int firstOf(int at) {
    int first = at;
    Instant oldest = truth.time(at).atOffset(ZoneOffset.UTC).minusYears(years).toInstant();
    while (first > 0 && truth.time(first - 1).isAfter(oldest)) {
      first--;
    }
    return first;
  }
}
