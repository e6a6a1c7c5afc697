package etesian.pipeline.learn;

import etesian.ingest.wire.Binary;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Whether blocks gain something in the long run, where each may say much the same as the one before
 * it: which of two forecasts is better may wander for longer than a block.
 *
 * <pre>
 *   V_m = sum over K_m spans of m blocks of (G - m mean(g))^2 / m / (K_m - 1),  G: sum of a span,
 *         m = 1, 2, 4, ... with K_m = floor(n / m) at least {@value #SPANS}
 *   V   = max over m of (1 + sqrt(2 / K_m)) V_m;  T = max over m of V_m / V_1;  S = sum of g
 *   E_n = min(mean over bets b of exp(b S / sqrt(V) - n b^2 / 2), exp(n / ({@value #PATIENCE} T)))
 * </pre>
 *
 * <p>V is the long-run variance: where gains stay, sums of many scatter by more than sums of draws
 * would, T times as much. The bets are those of {@link PromotionTest} on a sum that scatters like
 * that (a Brownian motion, for which they are a martingale: asymptotic confidence sequences,
 * Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, Annals of Statistics 2024). V is estimated:
 * upwards, by one deviation of each V_m. The second term is for what has not been seen long enough:
 * evidence of 1 / rate takes a record of {@value #PATIENCE} ln(1 / rate) T blocks.
 *
 * <p>V is about the mean, so a gain that is there from the first block on is no wandering; one that
 * begins later is, until {@link #forget} says that the world has changed. What stays for longer
 * than the record, with noise above it that makes V_1 large, is not seen: an annual cycle where
 * half a year has more blocks than that evidence takes. Holds four numbers for each m, whatever the
 * length. Mutable, for one thread.
 */
final class LongRun {
  /** Spans that a V_m is taken of, at least. */
  static final int SPANS = 4;

  static final int PATIENCE = 8;

  private static final int DOUBLINGS = 24;

  /** Share of the mean square that a variance is no smaller than: what rounding leaves of it. */
  private static final double ROUNDING = 1e-12;

  private final double[] counts = new double[DOUBLINGS]; // of spans of 2^i blocks
  private final double[] sums = new double[DOUBLINGS]; // of G over them
  private final double[] squares = new double[DOUBLINGS]; // of G^2
  private final double[] halves = new double[DOUBLINGS]; // G of a span without a partner yet

  /** Before so many there is no evidence of 1 / rate. */
  static int fewestBlocks(double rate) {
    return (int) Math.ceil(PATIENCE * -Math.log(rate));
  }

  /** Takes the gain of the next block. */
  void add(double gain) {
    double span = gain;
    for (int i = 0; i < DOUBLINGS; i++) {
      counts[i]++;
      sums[i] += span;
      squares[i] += span * span;
      if (counts[i] % 2 == 1) {
        halves[i] = span;
        return;
      }
      span += halves[i];
    }
  }

  /** The record begins anew. */
  void forget() {
    for (double[] all : arrays()) {
      Arrays.fill(all, 0);
    }
  }

  /**
   * Natural logarithm of E_n; with fewer than {@value #SPANS} blocks minus infinity.
   *
   * @param bets each b, above 0: that the gain is
   */
  double logEvidence(double... bets) {
    if (counts[0] < SPANS) {
      return Double.NEGATIVE_INFINITY;
    }
    double blocks = counts[0];
    double longRun = 0;
    double scale = 1;
    for (int i = 0; i < DOUBLINGS && counts[i] >= SPANS; i++) {
      longRun = Math.max(longRun, (1 + Math.sqrt(2 / counts[i])) * variance(i));
      scale = Math.max(scale, variance(i) / variance(0));
    }
    double deviations = sums[0] / Math.sqrt(longRun);
    double[] grown = Arrays.stream(bets).map(b -> b * deviations - blocks * b * b / 2).toArray();
    return Math.min(PromotionTest.logMean(grown), blocks / (PATIENCE * scale));
  }

  private double variance(int i) {
    double size = 1L << i;
    double mean = size * sums[0] / counts[0];
    double about = squares[i] - 2 * mean * sums[i] + counts[i] * mean * mean;
    double smallest = Math.max(Double.MIN_NORMAL, ROUNDING * squares[0] / counts[0]);
    return Math.max(smallest, about / size / (counts[i] - 1));
  }

  /** What is stored. */
  private double[][] arrays() {
    return new double[][] {counts, sums, squares, halves};
  }

  void write(DataOutput out) throws IOException {
    for (double[] all : arrays()) {
      Binary.doubles(all, out);
    }
  }

  void read(DataInput in) throws IOException {
    for (double[] all : arrays()) {
      System.arraycopy(Binary.doubles(DOUBLINGS, in), 0, all, 0, DOUBLINGS);
    }
  }

  /** Takes over what another one knows. */
  void copy(LongRun other) {
    double[][] from = other.arrays();
    double[][] to = arrays();
    for (int i = 0; i < to.length; i++) {
      System.arraycopy(from[i], 0, to[i], 0, DOUBLINGS);
    }
  }
}
