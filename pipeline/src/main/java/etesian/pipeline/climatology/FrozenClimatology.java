package etesian.pipeline.climatology;

import etesian.ingest.field.Check;
import java.time.Instant;

/** A climatology that no longer learns. Immutable. */
public final class FrozenClimatology {
  private final Harmonics harmonics;
  private final float[] coefficients;
  private final int cells;

  /**
   * @param coefficients shape (features, cells), row-major, as {@link Climatology#coefficients}
   *     gives them
   */
  public FrozenClimatology(Harmonics harmonics, float[] coefficients, int cells) {
    Check.that(
        coefficients.length == harmonics.size() * cells,
        "%d coefficients for %d features of %d cells",
        coefficients.length,
        harmonics.size(),
        cells);
    this.harmonics = harmonics;
    this.coefficients = coefficients.clone();
    this.cells = cells;
  }

  /** What is normal at a time, shape (cells); NaN for a cell that was never seen. */
  public float[] at(Instant time) {
    double[] features = harmonics.at(time);
    double[] sum = new double[cells];
    for (int feature = 0; feature < features.length; feature++) {
      int row = feature * cells;
      for (int cell = 0; cell < cells; cell++) {
        sum[cell] += features[feature] * coefficients[row + cell];
      }
    }
    float[] normal = new float[cells];
    for (int cell = 0; cell < cells; cell++) {
      normal[cell] = (float) sum[cell];
    }
    return normal;
  }
}
