package etesian.pipeline.verify;

import etesian.ingest.wire.Binary;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * How much of an anomaly remains after one lead: per cell the regression, through the origin, of an
 * anomaly on the one that many steps earlier,
 *
 * <pre>  rho = sum a(t - k) a(t) / sum a(t - k)^2,   held within -1 and 1.</pre>
 *
 * Mutable, for one thread.
 */
final class AnomalyDamping {
  private final double[] products; // sum of a(t - k) a(t), shape (cells)
  private final double[] squares; // sum of a(t - k)^2, shape (cells)
  private long pairs;

  AnomalyDamping(int cells) {
    this(new double[cells], new double[cells], 0);
  }

  private AnomalyDamping(double[] products, double[] squares, long pairs) {
    this.products = products;
    this.squares = squares;
    this.pairs = pairs;
  }

  /** Learns a pair of anomalies, each of shape (cells); a cell that lacks one learns nothing. */
  void learn(float[] earlier, float[] now) {
    for (int cell = 0; cell < products.length; cell++) {
      if (Float.isFinite(earlier[cell]) && Float.isFinite(now[cell])) {
        products[cell] += (double) earlier[cell] * now[cell];
        squares[cell] += (double) earlier[cell] * earlier[cell];
      }
    }
    pairs++;
  }

  /**
   * The damped anomaly on top of a climatology, shape (cells); null before the first pair. A cell
   * that never had a pair returns to its climatology.
   */
  float[] on(float[] climatology, float[] anomaly) {
    if (pairs == 0) {
      return null;
    }
    float[] sum = new float[climatology.length];
    for (int cell = 0; cell < sum.length; cell++) {
      double rho = squares[cell] > 0 ? products[cell] / squares[cell] : 0;
      sum[cell] = (float) (climatology[cell] + Math.max(-1, Math.min(1, rho)) * anomaly[cell]);
    }
    return sum;
  }

  AnomalyDamping copy() {
    return new AnomalyDamping(products.clone(), squares.clone(), pairs);
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(pairs);
    Binary.doubles(products, out);
    Binary.doubles(squares, out);
  }

  static AnomalyDamping read(int cells, DataInput in) throws IOException {
    long pairs = in.readLong();
    return new AnomalyDamping(Binary.doubles(cells, in), Binary.doubles(cells, in), pairs);
  }
}
