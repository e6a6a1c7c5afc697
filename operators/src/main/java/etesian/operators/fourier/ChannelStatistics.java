package etesian.operators.fourier;

import etesian.operators.Tensor;

/**
 * Mean and standard deviation of every channel over all samples and points that were ever added, in
 * float64 by the update of Chan: the order and the size of batches do not matter but for rounding.
 */
public final class ChannelStatistics {
  private static final double TINY = 1e-7;

  private final double[] means;
  private final double[] squares; // sums of squared deviations from the mean
  private long count;

  public ChannelStatistics(int channels) {
    means = new double[channels];
    squares = new double[channels];
  }

  /**
   * @param batch shape (batch, channels, sizes of the axes...); no NaN
   */
  public void add(Tensor batch) {
    long[] shape = batch.shape();
    int channels = means.length;
    if (shape.length < 2 || shape[1] != channels || batch.values().length == 0) {
      throw new IllegalArgumentException(batch + ", expected (batch, " + channels + ", ...)");
    }
    int points = (int) (batch.values().length / (shape[0] * channels));
    long added = shape[0] * points;
    for (int c = 0; c < channels; c++) {
      double sum = 0;
      for (int s = 0; s < shape[0]; s++) {
        int from = (s * channels + c) * points;
        for (int i = from; i < from + points; i++) {
          sum += batch.values()[i];
        }
      }
      double mean = sum / added;
      double deviations = 0;
      for (int s = 0; s < shape[0]; s++) {
        int from = (s * channels + c) * points;
        for (int i = from; i < from + points; i++) {
          double d = batch.values()[i] - mean;
          deviations += d * d;
        }
      }
      double gap = mean - means[c];
      double all = (double) count + added;
      means[c] += gap * added / all;
      squares[c] += deviations + gap * gap * count * added / all;
    }
    count += added;
  }

  /** Numbers of each channel so far. */
  public long count() {
    return count;
  }

  public double mean(int channel) {
    return means[channel];
  }

  /** Without bias: divided by one less than the count, of which at least two are needed. */
  public double deviation(int channel) {
    if (count < 2) {
      throw new IllegalStateException(
          "a deviation of " + count + " numbers, expected at least two");
    }
    return Math.sqrt(squares[channel] / (count - 1));
  }

  /** (x - mean) / (deviation + 1e-7). */
  public Tensor normalise(Tensor batch) {
    float[] to = new float[batch.values().length];
    int points = points(batch);
    for (int i = 0; i < to.length; i++) {
      int c = i / points % means.length;
      to[i] = (float) ((batch.values()[i] - means[c]) / (deviation(c) + TINY));
    }
    return new Tensor(to, batch.shape());
  }

  /** The inverse of {@link #normalise}. */
  public Tensor restore(Tensor batch) {
    float[] to = new float[batch.values().length];
    int points = points(batch);
    for (int i = 0; i < to.length; i++) {
      int c = i / points % means.length;
      to[i] = (float) (batch.values()[i] * (deviation(c) + TINY) + means[c]);
    }
    return new Tensor(to, batch.shape());
  }

  private static int points(Tensor batch) {
    long[] shape = batch.shape();
    return (int) (batch.values().length / (shape[0] * shape[1]));
  }
}
