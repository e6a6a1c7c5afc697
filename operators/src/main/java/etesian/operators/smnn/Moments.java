package etesian.operators.smnn;

/**
 * Second moments of the windows of a series: all that the square error of a linear forecast needs.
 * With R the map from history y to forecast and z the truth,
 *
 * <pre>  loss = mean over leads of sum |R y - z|^2 / sum |p y_last - z|^2
 *   sum |R y - z|^2 = R A R' - 2 R B + sum z^2,   A = sum y y',   B = sum y z </pre>
 *
 * sums weighted over windows and cells. The reference p y_last is damped persistence with the best
 * single factor for each lead: dividing by its error lets short leads count as much as long ones,
 * and a loss below 1 beats it.
 */
final class Moments {
  private final int history;
  private final int horizon;
  private final double[][] a;
  private final double[][] b;
  private final double[] whole;
  private final double[] reference;

  Moments(float[][] series, double[] cellWeights, int[] starts, int history, int horizon) {
    this(series, cellWeights, starts, history, horizon, TimeLimit.NONE);
  }

  /**
   * @throws java.util.concurrent.CancellationException they were not summed in time
   */
  Moments(
      float[][] series,
      double[] cellWeights,
      int[] starts,
      int history,
      int horizon,
      TimeLimit limit) {
    this.history = history;
    this.horizon = horizon;
    a = new double[history][history];
    b = new double[history][horizon];
    whole = new double[horizon];
    reference = new double[horizon];
    int length = history + horizon;
    double[][] lagged = new double[series.length][]; // [time][lag], made when a window needs it
    for (int start : starts) {
      limit.check();
      if (start < 0 || start + length > series.length) {
        throw new IllegalArgumentException(
            "window of " + length + " from " + start + " leaves a series of " + series.length);
      }
      for (int j = 0; j < length; j++) {
        int time = start + j;
        if (lagged[time] == null) {
          lagged[time] = products(series, time, length, cellWeights);
        }
        for (int k = j; k < length; k++) {
          add(j, k, lagged[time][k - j]);
        }
      }
    }
    int last = history - 1;
    for (int lead = 0; lead < horizon; lead++) {
      reference[lead] = whole[lead] - b[last][lead] * b[last][lead] / a[last][last];
      if (!(reference[lead] > 0)) {
        throw new IllegalArgumentException(
            starts.length
                + " windows hold no variance that persistence leaves open at lead "
                + (lead + 1)
                + ": expected anomalies in cells of weight > 0");
      }
    }
  }

  private static double[] products(float[][] series, int time, int length, double[] cellWeights) {
    double[] products = new double[Math.min(length, series.length - time)];
    float[] now = series[time];
    for (int lag = 0; lag < products.length; lag++) {
      float[] later = series[time + lag];
      double sum = 0;
      for (int cell = 0; cell < now.length; cell++) {
        if (cellWeights[cell] > 0) {
          sum += cellWeights[cell] * now[cell] * later[cell];
        }
      }
      products[lag] = sum;
    }
    return products;
  }

  private void add(int j, int k, double product) {
    if (k < history) {
      a[j][k] += product;
      a[k][j] = a[j][k];
    } else if (j < history) {
      b[j][k - history] += product;
    } else if (j == k) {
      whole[k - history] += product;
    }
  }

  /** Sum of the weighted square errors of damped persistence at a lead. */
  double reference(int lead) {
    return reference[lead];
  }

  /** Of a mechanism to these windows. */
  Response response(Mechanism mechanism) {
    return new Response(mechanism, history, horizon);
  }

  double loss(double[][] r) {
    double loss = 0;
    for (int lead = 0; lead < horizon; lead++) {
      double sum = whole[lead];
      for (int j = 0; j < history; j++) {
        sum += r[lead][j] * (image(r[lead], j) - 2 * b[j][lead]);
      }
      loss += sum / reference[lead] / horizon;
    }
    return loss;
  }

  /** Gradient of the loss by the map. */
  double[][] gradient(double[][] r) {
    double[][] gradient = new double[horizon][history];
    for (int lead = 0; lead < horizon; lead++) {
      for (int j = 0; j < history; j++) {
        gradient[lead][j] = 2 * (image(r[lead], j) - b[j][lead]) / reference[lead] / horizon;
      }
    }
    return gradient;
  }

  private double image(double[] row, int j) {
    double image = 0;
    for (int k = 0; k < history; k++) {
      image += a[j][k] * row[k];
    }
    return image;
  }
}
