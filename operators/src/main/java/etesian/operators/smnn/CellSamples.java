package etesian.operators.smnn;

import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The windows of a series cell by cell: sample i is one window of one cell that counts. Their mean
 * loss is that of {@link Moments} over the same windows.
 */
final class CellSamples {
  private final float[][] series;
  private final double[] cellWeights;
  private final int[] windows;
  private final int[] cells;
  private final int history;
  private final double[] factor;

  CellSamples(float[][] series, double[] cellWeights, int[] windows, int history, int horizon) {
    this.series = series;
    this.cellWeights = cellWeights;
    this.windows = windows;
    this.history = history;
    cells = IntStream.range(0, cellWeights.length).filter(c -> cellWeights[c] > 0).toArray();
    Moments moments = new Moments(series, cellWeights, windows, history, horizon);
    factor = new double[horizon];
    for (int lead = 0; lead < horizon; lead++) {
      factor[lead] = size() / moments.reference(lead) / horizon;
    }
  }

  /** A long: many windows of a large grid are more than an int counts. */
  long size() {
    return (long) windows.length * cells.length;
  }

  /** At most {@code most} samples, evenly spread over windows and cells. */
  long[] spread(int most) {
    long count = Math.min(most, size());
    return LongStream.range(0, count).map(i -> i * size() / count).toArray();
  }

  private int cell(long sample) {
    return cells[(int) (sample % cells.length)];
  }

  private int start(long sample) {
    return windows[(int) (sample / cells.length)];
  }

  /** What a forecast sees of each sample, (samples, history). */
  double[] histories(long[] samples) {
    double[] y = new double[samples.length * history];
    for (int i = 0; i < samples.length; i++) {
      int cell = cell(samples[i]);
      int start = start(samples[i]);
      for (int j = 0; j < history; j++) {
        y[i * history + j] = series[start + j][cell];
      }
    }
    return y;
  }

  /**
   * Mean loss of some samples.
   *
   * @param forecast (samples, horizon)
   * @param byForecast receives the gradient by the forecast, of the same shape
   */
  double loss(long[] samples, double[] forecast, double[] byForecast) {
    int horizon = factor.length;
    double sum = 0;
    for (int i = 0; i < samples.length; i++) {
      int cell = cell(samples[i]);
      int start = start(samples[i]) + history;
      for (int lead = 0; lead < horizon; lead++) {
        double error = forecast[i * horizon + lead] - series[start + lead][cell];
        double weight = cellWeights[cell] * factor[lead] / samples.length;
        sum += weight * error * error;
        byForecast[i * horizon + lead] = 2 * weight * error;
      }
    }
    return sum;
  }
}
