package etesian.pipeline.verify;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Errors of a reference and of the model on the same samples: sums over times of weighted means
 * over cells.
 *
 * @param pairs times at which the reference had something to say
 * @param modelSquared squared errors of the model at those times
 * @param referenceSquared squared errors of the reference
 */
record ReferenceStatistics(long pairs, double modelSquared, double referenceSquared) {
  static final ReferenceStatistics NONE = new ReferenceStatistics(0, 0, 0);

  /** Root of the mean squared error of the reference; null without a pair. */
  Double rmse() {
    return pairs > 0 ? Math.sqrt(referenceSquared / pairs) : null;
  }

  /** 1 - mse / mse of the reference; null without a pair, or against a perfect reference. */
  Double skill() {
    return referenceSquared > 0 ? 1 - modelSquared / referenceSquared : null;
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(pairs);
    out.writeDouble(modelSquared);
    out.writeDouble(referenceSquared);
  }

  static ReferenceStatistics read(DataInput in) throws IOException {
    return new ReferenceStatistics(in.readLong(), in.readDouble(), in.readDouble());
  }
}
