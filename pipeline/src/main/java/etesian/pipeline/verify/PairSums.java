package etesian.pipeline.verify;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Statistics of pairs that come and, when they are revised, go again: {@link ExactSum}s, so that
 * correcting a pair equals never having had the wrong one. Mutable, for one thread.
 */
final class PairSums {
  private final long[] counts;
  private final ExactSum[] sums;

  PairSums() {
    this(PairStatistics.NONE.counts(), new ExactSum[PairStatistics.NONE.sums().length]);
    Arrays.setAll(sums, i -> new ExactSum());
  }

  private PairSums(long[] counts, ExactSum[] sums) {
    this.counts = counts;
    this.sums = sums;
  }

  void add(PairStatistics pairs) {
    add(pairs, 1);
  }

  /** Takes away what was added before. */
  void remove(PairStatistics pairs) {
    add(pairs, -1);
  }

  private void add(PairStatistics pairs, int sign) {
    count(pairs.counts(), sign);
    double[] terms = pairs.sums();
    for (int i = 0; i < sums.length; i++) {
      sums[i].add(sign * terms[i]);
    }
  }

  void addAll(PairSums other) {
    count(other.counts, 1);
    for (int i = 0; i < sums.length; i++) {
      sums[i].addAll(other.sums[i]);
    }
  }

  private void count(long[] more, int sign) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += sign * more[i];
    }
  }

  PairStatistics total() {
    return PairStatistics.of(counts, Arrays.stream(sums).mapToDouble(ExactSum::value).toArray());
  }

  PairSums copy() {
    return new PairSums(
        counts.clone(), Arrays.stream(sums).map(ExactSum::copy).toArray(ExactSum[]::new));
  }

  /** The counts, then the sums. */
  void write(DataOutput out) throws IOException {
    for (long count : counts) {
      out.writeLong(count);
    }
    for (ExactSum sum : sums) {
      sum.write(out);
    }
  }

  static PairSums read(DataInput in) throws IOException {
    PairSums read = new PairSums();
    for (int i = 0; i < read.counts.length; i++) {
      read.counts[i] = in.readLong();
    }
    for (int i = 0; i < read.sums.length; i++) {
      read.sums[i] = ExactSum.read(in);
    }
    return read;
  }
}
