package etesian.pipeline.climatology;

import etesian.ingest.field.Check;
import etesian.ingest.wire.Binary;
import etesian.ingest.wire.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;

/**
 * Learns what is normal for a time of the year and of the day, one field after the other: ridge
 * regression of each cell on the harmonics phi, in the recursive form
 *
 * <pre>  A += phi phi^T,   w += A^-1 phi (x - w^T phi)   with A = diag(ridge) at the start,</pre>
 *
 * whose coefficients w equal those of the normal equations over all fields seen. A is shared by all
 * cells. A missing value counts as the estimate of the moment, so it changes nothing. A cell begins
 * with its first value as its mean and no cycles; the ridge holds cycles back until the fields span
 * enough of them. Mutable, for one thread.
 */
public final class Climatology {
  /** Weight of "the first value" as a prior of the mean, in observations. */
  private static final double MEAN_RIDGE = 1e-6;

  /** Weight of "no cycle" as a prior of each harmonic, in observations. */
  private static final double HARMONIC_RIDGE = 1;

  private final Harmonics harmonics;
  private final int cells;
  private final double[][] normal; // A, shape (features, features)
  private final double[] coefficients; // w, shape (features, cells); NaN for a cell never seen
  private long observations;

  public Climatology(Harmonics harmonics, int cells) {
    this(
        harmonics,
        cells,
        new double[harmonics.size()][harmonics.size()],
        new double[harmonics.size() * cells],
        0);
    for (int i = 0; i < normal.length; i++) {
      normal[i][i] = i == 0 ? MEAN_RIDGE : HARMONIC_RIDGE;
    }
    Arrays.fill(coefficients, Double.NaN);
  }

  private Climatology(
      Harmonics harmonics, int cells, double[][] normal, double[] coefficients, long observations) {
    this.harmonics = harmonics;
    this.cells = cells;
    this.normal = normal;
    this.coefficients = coefficients;
    this.observations = observations;
  }

  /** Number of fields seen. */
  public long observations() {
    return observations;
  }

  /**
   * Learns a field.
   *
   * @param values shape (cells); NaN is missing
   */
  public void observe(Instant time, float[] values) {
    Check.that(
        values.length == cells, "%d values for a climatology of %d cells", values.length, cells);
    double[] features = harmonics.at(time);
    addOuterProduct(features);
    double[] gain = Cholesky.solve(normal, features);
    double[] surprise = estimate(features, coefficients, cells);
    for (int cell = 0; cell < cells; cell++) {
      float value = values[cell];
      if (Float.isNaN(value)) {
        surprise[cell] = 0;
      } else if (Double.isNaN(surprise[cell])) {
        begin(cell, value);
        surprise[cell] = 0;
      } else {
        surprise[cell] = value - surprise[cell];
      }
    }
    for (int feature = 0; feature < features.length; feature++) {
      int row = feature * cells;
      for (int cell = 0; cell < cells; cell++) {
        coefficients[row + cell] += gain[feature] * surprise[cell];
      }
    }
    observations++;
  }

  /** What is normal at a time, shape (cells); NaN for a cell that was never seen. */
  public float[] at(Instant time) {
    return toFloats(estimate(harmonics.at(time), coefficients, cells));
  }

  /** What it learned so far, shape (features, cells), row-major; NaN for a cell never seen. */
  public float[] coefficients() {
    return toFloats(coefficients);
  }

  private void addOuterProduct(double[] features) {
    for (int i = 0; i < features.length; i++) {
      for (int j = 0; j < features.length; j++) {
        normal[i][j] += features[i] * features[j];
      }
    }
  }

  private void begin(int cell, double value) {
    for (int feature = 0; feature < normal.length; feature++) {
      coefficients[feature * cells + cell] = feature == 0 ? value : 0;
    }
  }

  /** w^T phi, shape (cells), of coefficients of shape (features, cells). */
  static double[] estimate(double[] features, double[] coefficients, int cells) {
    double[] sum = new double[cells];
    for (int feature = 0; feature < features.length; feature++) {
      int row = feature * cells;
      for (int cell = 0; cell < cells; cell++) {
        sum[cell] += features[feature] * coefficients[row + cell];
      }
    }
    return sum;
  }

  static float[] toFloats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  /** Version 1: harmonics, cells, observations, A, w. */
  public static final class ClimatologyCodec implements Codec<Climatology> {
    private static final long serialVersionUID = 1L;

    @Override
    public void write(Climatology climatology, DataOutput out) throws IOException {
      out.writeByte(1);
      out.writeInt(climatology.harmonics.annual());
      out.writeInt(climatology.harmonics.diurnal());
      out.writeInt(climatology.cells);
      out.writeLong(climatology.observations);
      for (double[] row : climatology.normal) {
        Binary.doubles(row, out);
      }
      Binary.doubles(climatology.coefficients, out);
    }

    @Override
    public Climatology read(DataInput in) throws IOException {
      Binary.version(in, 1, "a climatology");
      Harmonics harmonics = new Harmonics(in.readInt(), in.readInt());
      int cells = in.readInt();
      long observations = in.readLong();
      double[][] normal = new double[harmonics.size()][];
      for (int i = 0; i < normal.length; i++) {
        normal[i] = Binary.doubles(harmonics.size(), in);
      }
      double[] coefficients = Binary.doubles(harmonics.size() * cells, in);
      return new Climatology(harmonics, cells, normal, coefficients, observations);
    }

    @Override
    public Climatology copy(Climatology climatology) {
      double[][] normal = new double[climatology.normal.length][];
      for (int i = 0; i < normal.length; i++) {
        normal[i] = climatology.normal[i].clone();
      }
      return new Climatology(
          climatology.harmonics,
          climatology.cells,
          normal,
          climatology.coefficients.clone(),
          climatology.observations);
    }
  }
}
