package etesian.pipeline.metrics;

import java.util.Arrays;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.HistogramStatistics;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/** The last values of a whole number, shown times a factor: nanoseconds taken, seconds shown. */
final class Scaled implements Histogram {
  private static final int VALUES_KEPT = 512;

  private final DescriptiveStatisticsHistogram values =
      new DescriptiveStatisticsHistogram(VALUES_KEPT);
  private final double factor;

  Scaled(double factor) {
    this.factor = factor;
  }

  @Override
  public void update(long value) {
    values.update(value);
  }

  @Override
  public long getCount() {
    return values.getCount();
  }

  @Override
  public HistogramStatistics getStatistics() {
    HistogramStatistics all = values.getStatistics();
    return new HistogramStatistics() {
      @Override
      public double getQuantile(double quantile) {
        return all.getQuantile(quantile) * factor;
      }

      @Override
      public double getMean() {
        return all.getMean() * factor;
      }

      @Override
      public double getStdDev() {
        return all.getStdDev() * factor;
      }

      // Flink has whole numbers only here; its reporters for Prometheus do not show them.

      @Override
      public long[] getValues() {
        return Arrays.stream(all.getValues()).map(this::rounded).toArray();
      }

      @Override
      public long getMax() {
        return rounded(all.getMax());
      }

      @Override
      public long getMin() {
        return rounded(all.getMin());
      }

      @Override
      public int size() {
        return all.size();
      }

      private long rounded(long value) {
        return Math.round(value * factor);
      }
    };
  }
}
