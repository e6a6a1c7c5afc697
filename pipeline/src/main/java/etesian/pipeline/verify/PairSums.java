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
  private final EnsembleSums ensembles;

  PairSums() {
    this(
        PairStatistics.NONE.counts(),
        new ExactSum[PairStatistics.NONE.sums().length],
        new EnsembleSums());
    Arrays.setAll(sums, i -> new ExactSum());
  }

  private PairSums(long[] counts, ExactSum[] sums, EnsembleSums ensembles) {
    this.counts = counts;
    this.sums = sums;
    this.ensembles = ensembles;
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
    ensembles.add(pairs.ensemble(), sign);
  }

  void addAll(PairSums other) {
    count(other.counts, 1);
    for (int i = 0; i < sums.length; i++) {
      sums[i].addAll(other.sums[i]);
    }
    ensembles.addAll(other.ensembles);
  }

  private void count(long[] more, int sign) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += sign * more[i];
    }
  }

  PairStatistics total() {
    return PairStatistics.of(counts, Arrays.stream(sums).mapToDouble(ExactSum::value).toArray())
        .with(ensembles.total());
  }

  PairSums copy() {
    return new PairSums(
        counts.clone(),
        Arrays.stream(sums).map(ExactSum::copy).toArray(ExactSum[]::new),
        ensembles.copy());
  }

  /** Those of the pairs whose forecast is an ensemble. */
  EnsembleSums ensembles() {
    return ensembles;
  }

  /** The counts, then the sums, without {@link #ensembles}. */
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
