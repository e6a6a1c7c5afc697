package etesian.pipeline.verify;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/** {@link EnsembleStatistics} of pairs that come and go. Mutable, for one thread. */
final class EnsembleSums {
  private long pairs;
  private final ExactSum[] sums;

  EnsembleSums() {
    this(0, new ExactSum[EnsembleStatistics.NONE.sums().length]);
    Arrays.setAll(sums, i -> new ExactSum());
  }

  private EnsembleSums(long pairs, ExactSum[] sums) {
    this.pairs = pairs;
    this.sums = sums;
  }

  /**
   * @param sign 1 to add, -1 to take away what was added before
   */
  void add(EnsembleStatistics more, int sign) {
    pairs += sign * more.pairs();
    double[] terms = more.sums();
    for (int i = 0; i < sums.length; i++) {
      sums[i].add(sign * terms[i]);
    }
  }

  void addAll(EnsembleSums other) {
    pairs += other.pairs;
    for (int i = 0; i < sums.length; i++) {
      sums[i].addAll(other.sums[i]);
    }
  }

  /** Whether no forecast was an ensemble. */
  boolean isEmpty() {
    return pairs == 0;
  }

  EnsembleStatistics total() {
    return EnsembleStatistics.of(pairs, Arrays.stream(sums).mapToDouble(ExactSum::value).toArray());
  }

  EnsembleSums copy() {
    return new EnsembleSums(
        pairs, Arrays.stream(sums).map(ExactSum::copy).toArray(ExactSum[]::new));
  }

  /** The number of pairs, then the sums. */
  void write(DataOutput out) throws IOException {
    out.writeLong(pairs);
    for (ExactSum sum : sums) {
      sum.write(out);
    }
  }

  static EnsembleSums read(DataInput in) throws IOException {
    EnsembleSums read = new EnsembleSums();
    read.pairs = in.readLong();
    for (int i = 0; i < read.sums.length; i++) {
      read.sums[i] = ExactSum.read(in);
    }
    return read;
  }
}
