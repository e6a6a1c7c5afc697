package etesian.pipeline.learn;

import etesian.ingest.field.Check;
import etesian.ingest.wire.Binary;
import etesian.ingest.wire.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.util.Map;

/**
 * Whether the mean of a series has moved: the test of Page and Hinkley on what the series does not
 * say about itself. With x_t an error or a statistic of the input:
 *
 * <pre>
 *   e_t = x_t - mean - phi (x_{t-1} - mean),   z_t = e_t / deviation of e
 *   up_t = max(0, up_{t-1} + z_t - slack),     down_t = max(0, down_{t-1} - z_t - slack)
 *   drift when up_t or down_t exceeds the threshold; then everything begins anew
 * </pre>
 *
 * <p>Mean, autocorrelation phi (at least 0) and deviation are running ones since the last
 * beginning, without the newest value. z beyond 4 counts as 4: an outlier is no drift. Nor does it
 * blind for what comes after: beyond 10 deviations it is learned from as if it were 10. Without the
 * phi a series that is merely persistent, as errors of overlapping forecasts are, would alarm again
 * and again. Seasons are for the caller to take away: anomalies rather than values. Mutable, for
 * one thread.
 */
public final class DriftDetector {
  private static final double LARGEST = 4;
  private static final double LARGEST_LEARNED = 10;

  private final Rule rule;
  private long count;
  private double previous;
  private double mean;
  private double square; // sum of squared deviations
  private double cross; // sum of products of neighbouring deviations
  private double innovations; // sum of squared e
  private double up;
  private double down;
  private Map<String, Double> evidence = Map.of(); // of the newest alarm, for people; not stored

  /** Which way the mean moved. */
  public enum Drift {
    NONE,
    UP,
    DOWN
  }

  /**
   * How sensitive it is.
   *
   * @param warmUp values before the first alarm
   * @param slack movement in deviations that is let pass
   * @param threshold sum of deviations beyond the slack that is an alarm
   */
  public record Rule(int warmUp, double slack, double threshold) implements Serializable {
    /**
     * A false alarm every some thousand values; the test of the class measures how many. The slack
     * is half the smallest shift of e that is looked for: persistence phi makes a shift of x by d
     * deviations one of e by d sqrt((1 - phi) / (1 + phi)), half a deviation where d is 2 and phi
     * 0.88.
     */
    public static final Rule DEFAULT = new Rule(30, 0.25, 20);

    public Rule {
      Check.that(
          warmUp >= 3 && slack >= 0 && threshold > 0,
          "warm-up %d, slack %s, threshold %s: expected at least 3, at least 0, above 0",
          warmUp,
          slack,
          threshold);
    }
  }

  public DriftDetector(Rule rule) {
    this.rule = rule;
  }

  boolean isOf(Rule other) {
    return rule.equals(other);
  }

  /** Takes the next value; one that is no number is passed over. */
  public Drift add(double value) {
    if (!Double.isFinite(value)) {
      return Drift.NONE;
    }
    double x = value;
    if (count > 1) {
      double phi = square > 0 ? Math.max(0, Math.min(0.99, cross / square)) : 0;
      double innovation = x - mean - phi * (previous - mean);
      double deviation = Math.sqrt(innovations / (count - 2));
      if (count >= rule.warmUp && deviation > 0) {
        double most = LARGEST_LEARNED * deviation;
        double learned = Math.max(-most, Math.min(most, innovation));
        x += learned - innovation;
        innovation = learned;
        double z = Math.max(-LARGEST, Math.min(LARGEST, innovation / deviation));
        up = Math.max(0, up + z - rule.slack);
        down = Math.max(0, down - z - rule.slack);
      }
      innovations += innovation * innovation;
    }
    if (up > rule.threshold || down > rule.threshold) {
      Drift drift = up > down ? Drift.UP : Drift.DOWN;
      evidence =
          Map.of(
              "drift_statistic",
              Math.max(up, down),
              "drift_threshold",
              rule.threshold,
              "drift_values",
              (double) count);
      reset();
      return drift;
    }
    learn(x);
    return Drift.NONE;
  }

  /**
   * What the newest alarm rests on: {@code drift_statistic}, up_t or down_t in deviations, the
   * {@code drift_threshold} that it exceeded, and {@code drift_values}, how many values mean and
   * deviation were known from. Empty before the first alarm, and after a restart.
   */
  Map<String, Double> evidence() {
    return evidence;
  }

  private void learn(double x) {
    double before = x - mean;
    double lagged = previous - mean;
    count++;
    mean += before / count;
    square += before * (x - mean);
    cross += count > 1 ? lagged * (x - mean) : 0;
    previous = x;
  }

  /** Forgets everything, as after a drift that was dealt with. */
  public void reset() {
    count = 0;
    previous = 0;
    mean = 0;
    square = 0;
    cross = 0;
    innovations = 0;
    up = 0;
    down = 0;
  }

  /** Version 1: rule, count, the sums. */
  public static final class DriftDetectorCodec implements Codec<DriftDetector> {
    private static final long serialVersionUID = 1L;

    @Override
    public void write(DriftDetector detector, DataOutput out) throws IOException {
      out.writeByte(1);
      out.writeInt(detector.rule.warmUp);
      out.writeDouble(detector.rule.slack);
      out.writeDouble(detector.rule.threshold);
      out.writeLong(detector.count);
      Binary.doubles(detector.sums(), out);
    }

    @Override
    public DriftDetector read(DataInput in) throws IOException {
      Binary.version(in, 1, "a drift detector");
      DriftDetector detector =
          new DriftDetector(new Rule(in.readInt(), in.readDouble(), in.readDouble()));
      detector.set(in.readLong(), Binary.doubles(detector.sums().length, in));
      return detector;
    }

    @Override
    public DriftDetector copy(DriftDetector detector) {
      DriftDetector copy = new DriftDetector(detector.rule);
      copy.set(detector.count, detector.sums());
      return copy;
    }
  }

  private double[] sums() {
    return new double[] {previous, mean, square, cross, innovations, up, down};
  }

  private void set(long newCount, double[] sums) {
    count = newCount;
    previous = sums[0];
    mean = sums[1];
    square = sums[2];
    cross = sums[3];
    innovations = sums[4];
    up = sums[5];
    down = sums[6];
  }
}
