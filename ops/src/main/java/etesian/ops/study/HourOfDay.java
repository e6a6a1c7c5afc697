package etesian.ops.study;

import etesian.operators.smnn.Patterns;
import etesian.pipeline.model.Channels;
import etesian.pipeline.settings.StreamSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.CholeskyDecomposition;

/**
 * Linear regression with coefficients of its own for each hour of the day, on the {@value
 * #PATTERNS} leading {@link Patterns} of the anomalies at all steps of the last day:
 *
 * <pre>  forecast(t + k) = c(t + k) + W_k,hour(t)' (z(t), z(t-1), .., z(t - day + 1))  </pre>
 *
 * by ridge regression towards 0, cell by cell, for each hour by itself. Fitted on the training
 * part, whose last {@value #LATE_PERCENT} % choose the strength of the ridge for each lead.
 */
final class HourOfDay {
  private static final int PATTERNS = 8;
  private static final int LATE_PERCENT = 15;

  /** Every cell has coefficients of its own for every hour. */
  private static final int MOST_CELLS = 2048;

  /** Relative to the mean square of an anomaly in a cell. */
  private static final double[] RIDGES = {0.3, 1, 3, 10, 30, 100, 300};

  private final StreamSettings stream;
  private final Truth truth;
  private final int[] leads;
  private final int steps;
  private final Map<Integer, double[]> normal;
  private final double[][] amplitudes; // by position, by pattern
  private final double variance;
  private final double[][][][] weights; // by lead, by hour, [input][cell]

  /** Only below a day, and on grids where every cell can have coefficients of its own. */
  static boolean applies(StreamSettings stream) {
    return Channels.stepsPerDay(stream.step()) > 1 && stream.grid().cells() <= MOST_CELLS;
  }

  HourOfDay(StreamSettings stream, Truth truth, int[] leads) {
    this.stream = stream;
    this.truth = truth;
    this.leads = leads;
    steps = Channels.stepsPerDay(stream.step());
    normal = new Normals(truth, 0).training();
    float[][] anomalies = new float[truth.size()][];
    Arrays.setAll(anomalies, this::anomaly);
    double[] cellWeights = IntStream.range(0, truth.cells()).mapToDouble(truth::weight).toArray();
    float[][] past = Arrays.copyOf(anomalies, truth.split());
    Patterns patterns = Patterns.leading(past, cellWeights, PATTERNS);
    amplitudes = Arrays.stream(anomalies).map(patterns::amplitudes).toArray(double[][]::new);
    double squares = 0;
    for (float[] field : past) {
      for (float value : field) {
        squares += (double) value * value;
      }
    }
    variance = squares / past.length;
    int late = truth.split() * (100 - LATE_PERCENT) / 100;
    weights = new double[leads.length][][][];
    for (int i = 0; i < leads.length; i++) {
      double ridge = choose(anomalies, leads[i], late);
      weights[i] = fit(anomalies, leads[i], truth.split(), new double[] {ridge}).get(0);
    }
  }

  private float[] anomaly(int at) {
    double[] mean = normal.get(truth.season(at));
    float[] anomaly = new float[truth.cells()];
    for (int cell = 0; cell < anomaly.length; cell++) {
      anomaly[cell] =
          truth.weight(cell) > 0 && mean != null ? (float) (truth.frame(at)[cell] - mean[cell]) : 0;
    }
    return anomaly;
  }

  private double choose(float[][] anomalies, int lead, int late) {
    List<double[][][]> tried = fit(anomalies, lead, late, RIDGES);
    double best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int r = 0; r < RIDGES.length; r++) {
      double sum = 0;
      for (int at = late; at < truth.split(); at++) {
        int target = target(at, lead, truth.split());
        if (target >= 0) {
          double[] forecast = forecast(at, tried.get(r)[hour(at)]);
          for (int cell = 0; cell < forecast.length; cell++) {
            double error = forecast[cell] - anomalies[target][cell];
            sum += truth.weight(cell) * error * error;
          }
        }
      }
      if (sum < least) {
        least = sum;
        best = RIDGES[r];
      }
    }
    return best;
  }

  /** Of each ridge by hour, [input][cell]; issue and target times before an end. */
  private List<double[][][]> fit(float[][] anomalies, int lead, int end, double[] ridges) {
    int inputs = steps * amplitudes[0].length;
    double[][][] a = new double[steps][inputs][inputs];
    double[][][] b = new double[steps][inputs][truth.cells()];
    for (int at = 0; at < end; at++) {
      int target = target(at, lead, end);
      if (target < 0) {
        continue;
      }
      double[] z = inputs(at);
      float[] then = anomalies[target];
      double[][] aOfHour = a[hour(at)];
      double[][] bOfHour = b[hour(at)];
      for (int i = 0; i < inputs; i++) {
        double[] row = aOfHour[i];
        for (int j = 0; j <= i; j++) {
          row[j] += z[i] * z[j]; // the other half is its mirror
        }
        double[] right = bOfHour[i];
        for (int cell = 0; cell < then.length; cell++) {
          right[cell] += z[i] * then[cell];
        }
      }
    }
    List<double[][][]> fitted = new ArrayList<>();
    for (double ridge : ridges) {
      double[][][] byHour = new double[steps][][];
      for (int hour = 0; hour < steps; hour++) {
        double[][] left = new double[inputs][inputs];
        for (int i = 0; i < inputs; i++) {
          for (int j = 0; j <= i; j++) {
            left[i][j] = a[hour][i][j];
            left[j][i] = left[i][j];
          }
          left[i][i] += ridge * variance / truth.cells();
        }
        byHour[hour] =
            new CholeskyDecomposition(new Array2DRowRealMatrix(left, false))
                .getSolver()
                .solve(new Array2DRowRealMatrix(b[hour], false))
                .getData();
      }
      fitted.add(byHour);
    }
    return fitted;
  }

  /** Position of the target; -1 where it, or a step of the last day, is missing or too late. */
  private int target(int at, int lead, int end) {
    int target = truth.after(at, lead);
    return truth.complete(at, steps) && target < end ? target : -1;
  }

  private int hour(int at) {
    return Channels.stepOfDay(truth.time(at), stream.step());
  }

  private double[] inputs(int at) {
    double[] z = new double[steps * amplitudes[at].length];
    for (int back = 0; back < steps; back++) {
      System.arraycopy(
          amplitudes[at - back], 0, z, back * amplitudes[at].length, amplitudes[at].length);
    }
    return z;
  }

  private double[] forecast(int at, double[][] w) {
    double[] z = inputs(at);
    double[] forecast = new double[truth.cells()];
    for (int i = 0; i < z.length; i++) {
      for (int cell = 0; cell < forecast.length; cell++) {
        forecast[cell] += z[i] * w[i][cell];
      }
    }
    return forecast;
  }

  /**
   * @param history fields that an issue time must have had without a gap; a day is needed anyway
   */
  double[] rmse(int history) {
    return truth.rmse(
        leads,
        Math.max(history, steps),
        at -> {
          if (!truth.complete(at, steps)) {
            return null;
          }
          List<float[]> frames = new ArrayList<>();
          for (int i = 0; i < leads.length; i++) {
            int target = truth.after(at, leads[i]);
            double[] mean = normal.get(truth.season(Math.max(target, 0)));
            double[] forecast = forecast(at, weights[i][hour(at)]);
            float[] frame = new float[forecast.length];
            for (int cell = 0; cell < frame.length; cell++) {
              frame[cell] = (float) (mean[cell] + forecast[cell]);
            }
            frames.add(frame);
          }
          return frames;
        });
  }
}
