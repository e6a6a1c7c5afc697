package etesian.pipeline.verify;

import etesian.ingest.wire.Binary;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * A sum without rounding until it is read: held as a few doubles that do not overlap (Shewchuk,
 * Discrete and Computational Geometry 18, 1997). What was added can therefore be taken away again
 * and leaves nothing behind, however large it was, and the order of additions does not matter.
 * Terms are finite. Mutable, for one thread.
 */
final class ExactSum {
  private double[] parts; // ascending in magnitude, not overlapping, none of them 0

  ExactSum() {
    this(new double[0]);
  }

  private ExactSum(double[] parts) {
    this.parts = parts;
  }

  void add(double term) {
    double[] grown = Arrays.copyOf(parts, parts.length + 1);
    int count = 0;
    double carry = term;
    for (double part : parts) {
      double large = Math.abs(carry) < Math.abs(part) ? part : carry;
      double small = Math.abs(carry) < Math.abs(part) ? carry : part;
      carry = large + small;
      double rest = small - (carry - large);
      if (rest != 0) {
        grown[count++] = rest;
      }
    }
    if (carry != 0) {
      grown[count++] = carry;
    }
    parts = Arrays.copyOf(grown, count);
  }

  void addAll(ExactSum other) {
    for (double part : other.parts) {
      add(part);
    }
  }

  /** The double nearest to the sum; of two equally near the even one. */
  double value() {
    int left = parts.length;
    double sum = 0;
    double rest = 0;
    while (left > 0 && rest == 0) {
      double part = parts[--left];
      double before = sum;
      sum = before + part;
      rest = part - (sum - before);
    }
    if (left > 0 && rest * parts[left - 1] > 0) { // a tie that what follows decides
      double further = sum + 2 * rest;
      if (further - sum == 2 * rest) {
        sum = further;
      }
    }
    return sum;
  }

  ExactSum copy() {
    return new ExactSum(parts); // replaced, never written
  }

  /** Number of parts, then the parts. */
  void write(DataOutput out) throws IOException {
    out.writeInt(parts.length);
    Binary.doubles(parts, out);
  }

  static ExactSum read(DataInput in) throws IOException {
    return new ExactSum(Binary.doubles(in.readInt(), in));
  }
}
