package etesian.pipeline.climatology;

import etesian.ingest.field.Check;
import java.time.Instant;
import java.util.Arrays;

/** A climatology that no longer learns. Immutable. */
public final class FrozenClimatology {
  private final Harmonics harmonics;
  private final double[] coefficients;
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
    this.coefficients = new double[coefficients.length];
    Arrays.setAll(this.coefficients, i -> coefficients[i]);
    this.cells = cells;
  }

  /** What is normal at a time, shape (cells); NaN for a cell that was never seen. */
  public float[] at(Instant time) {
    return Climatology.toFloats(Climatology.estimate(harmonics.at(time), coefficients, cells));
  }
}
