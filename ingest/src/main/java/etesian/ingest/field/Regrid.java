package etesian.ingest.field;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Carries fields from one latitude-longitude grid to another: regular or with uneven rows, regional
 * or global, whatever their longitudes count from. Immutable, for any number of threads; the
 * weights are computed once.
 *
 * <pre>
 *   g_ij = sum_kl r_ik c_jl m_kl f_kl / s_ij    s_ij = sum_kl r_ik c_jl m_kl
 * </pre>
 *
 * <ul>
 *   <li>f: values of the source, m: 1 where there is one, 0 where it is NaN
 *   <li>r, c: weights of rows and columns, at most 1 in sum over the source
 *   <li>s: the share of a destination cell that the source fills. Below {@link #withValidShare},
 *       one half unless told otherwise, the cell is NaN
 * </ul>
 *
 * Cells that the source does not reach are NaN: nothing is extrapolated. Columns that repeat the
 * first ones after a full turn (a cyclic point) are passed over. Sums are in double.
 *
 * <p>Conservative keeps the mean over the area, {@link Grid#area}, and is meant for fluxes and for
 * a coarser grid; bilinear is smooth, exact for what is linear in both coordinates, and meant for a
 * finer one. Bilinear takes the value at a pole from the nearest row where the source goes around
 * the earth and reaches it, see {@link #ofWindComponent}. Neither turns a wind: its components stay
 * those along the meridian and the parallel.
 */
public final class Regrid {
  /** How a destination cell is made of source cells. */
  public enum Method {
    CONSERVATIVE,
    BILINEAR
  }

  /** What the sum of weights may miss of one by rounding. */
  private static final double ROUNDING = 1e-6;

  private final Grid from;
  private final Grid to;
  private final SparseRows rows;
  private final SparseRows columns;

  /** Columns at the opposite meridian, for the pole of a wind component; null for a scalar. */
  private final SparseRows oppositeColumns;

  private final boolean usesPoles;
  private final double validShare;

  private Regrid(
      Grid from,
      Grid to,
      SparseRows rows,
      SparseRows columns,
      SparseRows oppositeColumns,
      boolean usesPoles,
      double validShare) {
    this.from = from;
    this.to = to;
    this.rows = rows;
    this.columns = columns;
    this.oppositeColumns = oppositeColumns;
    this.usesPoles = usesPoles;
    this.validShare = validShare;
  }

  public static Regrid of(Method method, Grid from, Grid to) {
    return method == Method.CONSERVATIVE ? conservative(from, to) : bilinear(from, to);
  }

  /** Conservative remapping of first order: weights are shares of area. */
  public static Regrid conservative(Grid from, Grid to) {
    return new Regrid(
        from, to, Overlap.rows(from, to), Overlap.columns(from, to), null, false, 0.5);
  }

  /** Bilinear interpolation in latitude and longitude, between the centres of cells. */
  public static Regrid bilinear(Grid from, Grid to) {
    return new Regrid(
        from,
        to,
        Linear.rows(from, to),
        Linear.columns(from, to, 0),
        null,
        Meridians.of(from).around(),
        0.5);
  }

  /**
   * The same with another share of a cell that the source must fill.
   *
   * @param share above 0, at most 1; of the area when conservative, of the weight when bilinear
   */
  public Regrid withValidShare(double share) {
    Check.that(share > 0 && share <= 1, "a share is above 0 and at most 1, got %s", share);
    return new Regrid(from, to, rows, columns, oppositeColumns, usesPoles, share);
  }

  /**
   * The same for the eastward or northward component of a wind, current or stress, which changes
   * its sign over a pole. Matters to bilinear only.
   *
   * <pre>
   *   scalar:     f(pole) = mean over the outermost row
   *   component:  f(pole, lon) = (f(row, lon) - f(row, lon + 180)) / 2
   * </pre>
   */
  public Regrid ofWindComponent() {
    SparseRows opposite = usesPoles ? Linear.columns(from, to, 180) : null;
    return new Regrid(from, to, rows, columns, opposite, usesPoles, validShare);
  }

  /** Whether any cell of the destination has a value when none of the source is missing. */
  public boolean reaches() {
    return rows.largestSum() * columns.largestSum() >= validShare - ROUNDING;
  }

  public Grid from() {
    return from;
  }

  public Grid to() {
    return to;
  }

  /**
   * The field on the grid {@link #to}; variable, valid time, revision and origin stay. The field
   * itself when the grids are equal.
   *
   * @throws IllegalArgumentException when the field is not on {@link #from}
   */
  public Field apply(Field field) {
    Frame frame = field.frame();
    Check.that(
        frame.grid().equals(from),
        "%s is on %s, these weights are from %s",
        frame.variable().name(),
        frame.grid(),
        from);
    if (from.equals(to)) {
      return field;
    }
    return Field.taking(
        new Frame(frame.variable(), to, frame.validAt()),
        field.revision(),
        field.origin(),
        regridded(field.values()));
  }

  /**
   * @param values shape (rows, columns) of {@link #from}; NaN is missing
   * @return shape (rows, columns) of {@link #to}
   */
  public float[] apply(float[] values) {
    Check.that(values.length == from.cells(), "%d values for a grid of %s", values.length, from);
    return from.equals(to) ? values.clone() : regridded(FloatBuffer.wrap(values));
  }

  /** Row by row of the destination, which takes neighbouring rows of the source. */
  private float[] regridded(FloatBuffer values) {
    int width = to.columns();
    float[] result = new float[to.cells()];
    SourceRow[] recent = {new SourceRow(values), new SourceRow(values)};
    double[] sum = new double[width];
    double[] share = new double[width];
    for (int row = 0; row < to.rows(); row++) {
      Arrays.fill(sum, 0);
      Arrays.fill(share, 0);
      for (int entry = rows.start(row); entry < rows.start(row + 1); entry++) {
        int index = rows.source(entry);
        recent[index & 1].become(index); // the last row is the first one of the next row's
        recent[index & 1].addTo(sum, share, rows.weight(entry));
      }
      for (int column = 0; column < width; column++) {
        boolean filled = share[column] >= validShare - ROUNDING && share[column] > 0;
        result[row * width + column] = filled ? (float) (sum[column] / share[column]) : Float.NaN;
      }
    }
    return result;
  }

  /** A row of the source, or a pole, at the longitudes of the destination. */
  private final class SourceRow {
    private final FloatBuffer values;
    private final float[] row = new float[from.columns()];
    private final double[] sum = new double[to.columns()];
    private final double[] weight = new double[to.columns()];
    private int index = -1;

    SourceRow(FloatBuffer values) {
      this.values = values;
    }

    /**
     * @param wanted 1 is row 0; 0 and {@code from.rows() + 1} are the poles
     */
    void become(int wanted) {
      if (index == wanted) {
        return;
      }
      index = wanted;
      int nearest = Math.min(from.rows() - 1, Math.max(0, wanted - 1));
      values.get(nearest * from.columns(), row);
      boolean pole = nearest != wanted - 1 || Linear.onPole(from.latitude(nearest));
      if (!usesPoles || !pole) {
        columns.apply(row, sum, weight);
      } else if (oppositeColumns == null) {
        zonalMean();
      } else {
        acrossThePole();
      }
    }

    private void zonalMean() {
      int count = Meridians.of(from).count();
      double total = 0;
      int present = 0;
      for (int column = 0; column < count; column++) {
        if (!Float.isNaN(row[column])) {
          total += row[column];
          present++;
        }
      }
      Arrays.fill(sum, total / count);
      Arrays.fill(weight, (double) present / count);
    }

    private void acrossThePole() {
      double[] farSum = new double[sum.length];
      double[] farWeight = new double[sum.length];
      columns.apply(row, sum, weight);
      oppositeColumns.apply(row, farSum, farWeight);
      for (int column = 0; column < sum.length; column++) {
        sum[column] = (sum[column] - farSum[column]) / 2;
        weight[column] = (weight[column] + farWeight[column]) / 2;
      }
    }

    void addTo(double[] sums, double[] weights, double factor) {
      for (int column = 0; column < sums.length; column++) {
        sums[column] += factor * sum[column];
        weights[column] += factor * weight[column];
      }
    }
  }
}
