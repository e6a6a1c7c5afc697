package etesian.pipeline.ensemble;

import etesian.ingest.field.Grid;
import java.util.Random;

/**
 * Gaussian random fields on a grid, whole globe or part of it, of mean 0 and variance 1 in every
 * cell; the covariance of two cells depends on the angle between them alone.
 *
 * <pre>
 *   f(lat, lon) = sum_l s_l sum_m P_lm(sin lat) (a_lm cos(m lon) + b_lm sin(m lon)),  m = 0..l
 *   s_l^2 = (k^2 + l(l + 1))^(-(exponent + 1) / 2) / c,   k = radius of the earth / length
 *   c so that sum_l (2l + 1) s_l^2 = 1
 * </pre>
 *
 * <ul>
 *   <li>l: degree, 0 to the {@link #degrees} kept; a, b: independent, standard normal
 *   <li>P_lm: associated Legendre functions, normalised so that the squares of each term have mean
 *       1 over the sphere
 *   <li>exponent: variance falls as wavenumber^(-exponent) below the length, as the kinetic energy
 *       of the atmosphere does with 3; above it the spectrum is flat. {@code c} makes the
 *       truncation lose no variance
 * </ul>
 *
 * That is the Whittle-Matern field of Lindgren, Rue and Lindstroem (J. R. Stat. Soc. B 73, 2011,
 * section 3.1), (k^2 - laplacian)^((exponent + 1) / 4) f = white noise, on the sphere. A region is
 * a piece of it, so nothing wraps around where the earth does not; rows need not be even.
 *
 * <p>Time of a field: degrees^2 * rows / 2 + 2 * degrees * cells multiplications and additions.
 * Immutable.
 */
final class RandomField {
  private static final double EARTH_RADIUS_KILOMETRES = 6371;

  /** Share of the variance that degrees beyond the last may have. */
  private static final double LOST = 0.01;

  /** Limits time and memory where the spectrum is flat: details of 40 km. */
  private static final int MOST_DEGREES = 512;

  private final Grid grid;
  private final double[] deviation; // s by degree
  private final double[] onSine; // of the recurrence over degrees, by index(l, m)
  private final double[] onBefore;
  private final double[] cosines; // of m lon, shape (orders, columns)
  private final double[] sines;

  /**
   * @param exponent above 1, or there is no variance at large scales
   */
  RandomField(Grid grid, double exponent, double lengthKilometres) {
    this.grid = grid;
    this.deviation = deviations(grid, exponent, EARTH_RADIUS_KILOMETRES / lengthKilometres);
    int last = degrees();
    onSine = new double[index(last + 1, 0)];
    onBefore = new double[onSine.length];
    for (int l = 1; l <= last; l++) {
      for (int m = 0; m < l; m++) {
        double scale = (2.0 * l + 1) / ((l - m) * (double) (l + m));
        onSine[index(l, m)] = Math.sqrt(scale * (2 * l - 1));
        onBefore[index(l, m)] =
            l < m + 2 ? 0 : Math.sqrt(scale * (l + m - 1) * (l - m - 1) / (2 * l - 3));
      }
    }
    cosines = new double[(last + 1) * grid.columns()];
    sines = new double[cosines.length];
    for (int m = 0; m <= last; m++) {
      for (int column = 0; column < grid.columns(); column++) {
        double angle = m * Math.toRadians(grid.longitude(column));
        cosines[m * grid.columns() + column] = StrictMath.cos(angle);
        sines[m * grid.columns() + column] = StrictMath.sin(angle);
      }
    }
  }

  /** As many degrees as the grid resolves, fewer when those beyond hardly vary. */
  private static double[] deviations(Grid grid, double exponent, double k) {
    double finest = Math.min(grid.rowStepDegrees(), grid.columnStepDegrees());
    int most = (int) Math.max(1, Math.min(MOST_DEGREES, Math.floor(180 / finest)));
    double[] variance = new double[most + 1]; // of all orders of a degree
    double all = 0;
    for (int l = 0; l <= most; l++) {
      variance[l] = (2 * l + 1) * StrictMath.pow(k * k + l * (l + 1.0), -(exponent + 1) / 2);
      all += variance[l];
    }
    int last = 0;
    double kept = variance[0];
    while (last < most && kept < (1 - LOST) * all) {
      kept += variance[++last];
    }
    double[] deviation = new double[last + 1];
    for (int l = 0; l <= last; l++) {
      deviation[l] = Math.sqrt(variance[l] / (2 * l + 1) / kept);
    }
    return deviation;
  }

  /** The largest degree. */
  int degrees() {
    return deviation.length - 1;
  }

  /**
   * A field, shape (cells); the same for the same seed on every machine, as {@link Random} is
   * specified to the bit.
   */
  float[] draw(long seed) {
    int last = degrees();
    Random random = new Random(seed);
    double[] a = new double[index(last + 1, 0)];
    double[] b = new double[a.length];
    for (int l = 0; l <= last; l++) {
      for (int m = 0; m <= l; m++) {
        a[index(l, m)] = deviation[l] * random.nextGaussian();
        b[index(l, m)] = deviation[l] * random.nextGaussian();
      }
    }
    float[] field = new float[grid.cells()];
    double[] sum = new double[grid.columns()];
    for (int row = 0; row < grid.rows(); row++) {
      drawRow(StrictMath.toRadians(grid.latitude(row)), a, b, sum);
      for (int column = 0; column < sum.length; column++) {
        field[row * sum.length + column] = (float) sum[column];
        sum[column] = 0;
      }
    }
    return field;
  }

  private void drawRow(double latitude, double[] a, double[] b, double[] sum) {
    double sine = StrictMath.sin(latitude);
    double cosine = StrictMath.cos(latitude);
    double first = 1; // P_mm
    for (int m = 0; m <= degrees(); m++) {
      if (m > 0) {
        first *= cosine * Math.sqrt(m == 1 ? 3 : (2.0 * m + 1) / (2 * m));
      }
      double before = 0;
      double now = first;
      double ofCosines = 0;
      double ofSines = 0;
      for (int l = m; l <= degrees(); l++) {
        int at = index(l, m);
        if (l > m) {
          double next = onSine[at] * sine * now - onBefore[at] * before;
          before = now;
          now = next;
        }
        ofCosines += now * a[at];
        ofSines += now * b[at];
      }
      int table = m * sum.length;
      for (int column = 0; column < sum.length; column++) {
        sum[column] += ofCosines * cosines[table + column] + ofSines * sines[table + column];
      }
    }
  }

  private static int index(int degree, int order) {
    return degree * (degree + 1) / 2 + order;
  }
}
