package etesian.ops.sample;

import etesian.ingest.field.Grid;
import etesian.ingest.field.Variable;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;

/**
 * A sea surface on 36 x 72 cells, weekly: {@code sst} [K], NaN on land.
 *
 * <p>Climatology with an annual cycle, plus a damped oscillation of four years that weather keeps
 * alive (warm and cool phases of the tropical Pacific, seen with a lag in its north and the Indian
 * Ocean), plus large-scale red noise: a fast part of three weeks and a slow one of nine months.
 */
public final class SimulatedOcean {
  public static final Duration STEP = Duration.ofDays(7);
  public static final Grid GRID = new Grid(36, 72, 87.5, 2.5, 5, 5);
  public static final Variable SST = new Variable("sst", "K", "Sea surface temperature", "");

  private static final double FREEZING = 271.35; // K, of sea water
  private static final double PERIOD_WEEKS = 208;
  private static final double DAMPING_WEEKS = 80;
  private static final double OSCILLATION = 1.4; // K at the centre, standard deviation
  private static final int NOISE_TRUNCATION = 10;
  private static final double FAST_WEEKS = 3;
  private static final double FAST = 0.045; // K, standard deviation of each coefficient
  private static final double SLOW_WEEKS = 39;
  private static final double SLOW = 0.06;
  private static final int SPIN_UP_WEEKS = 300;
  private static final int SYNTHESIS_COLUMNS = 128;

  private final Random random;
  private final Harmonics harmonics;
  private final double[] land = Continents.landFractions(GRID);
  private final double[] warmPattern = new double[GRID.cells()];
  private final double[] lateralPattern = new double[GRID.cells()];
  private final double[] fastRe;
  private final double[] fastIm;
  private final double[] slowRe;
  private final double[] slowIm;
  private double warm; // the oscillation and
  private double charge; // its quadrature
  private Instant next;

  /** The world of a seed from a given time on. */
  public SimulatedOcean(long seed, Instant start) {
    random = new Random(seed);
    double[] sines = new double[GRID.rows()];
    for (int row = 0; row < sines.length; row++) {
      sines[row] = StrictMath.sin(StrictMath.toRadians(GRID.latitude(row)));
    }
    for (int cell = 0; cell < GRID.cells(); cell++) {
      double latitude = GRID.latitude(cell / GRID.columns());
      double longitude = GRID.longitude(cell % GRID.columns());
      warmPattern[cell] = warmPattern(latitude, longitude);
      lateralPattern[cell] = lateralPattern(latitude, longitude);
    }
    harmonics = new Harmonics(NOISE_TRUNCATION, sines);
    fastRe = new double[harmonics.size()];
    fastIm = new double[harmonics.size()];
    slowRe = new double[harmonics.size()];
    slowIm = new double[harmonics.size()];
    next = start;
    for (int week = 0; week < SPIN_UP_WEEKS; week++) {
      advance();
    }
    next = start;
  }

  /** Valid time of what {@link #next} will give. */
  public Instant nextAt() {
    return next;
  }

  /** The field at {@link #nextAt}, shape (rows, columns); time goes on by a step. */
  public float[] next() {
    double[] noise = noise();
    float[] out = new float[GRID.cells()];
    for (int row = 0; row < GRID.rows(); row++) {
      double normal = climatology(GRID.latitude(row), next);
      for (int column = 0; column < GRID.columns(); column++) {
        int cell = row * GRID.columns() + column;
        double value =
            normal + warm * warmPattern[cell] + charge * lateralPattern[cell] + noise[cell];
        out[cell] = land[cell] > 0.5 ? Float.NaN : (float) Math.max(FREEZING, value);
      }
    }
    advance();
    return out;
  }

  /** The state of the oscillation [K], positive in the warm phase. */
  double oscillation() {
    return warm;
  }

  private void advance() {
    double keep = StrictMath.exp(-1 / DAMPING_WEEKS);
    double cos = keep * StrictMath.cos(2 * StrictMath.PI / PERIOD_WEEKS);
    double sin = keep * StrictMath.sin(2 * StrictMath.PI / PERIOD_WEEKS);
    double kick = OSCILLATION * StrictMath.sqrt(1 - keep * keep);
    double turned = cos * warm - sin * charge + kick * random.nextGaussian();
    charge = sin * warm + cos * charge + kick * random.nextGaussian();
    warm = turned;
    redden(fastRe, fastIm, FAST_WEEKS, FAST);
    redden(slowRe, slowIm, SLOW_WEEKS, SLOW);
    next = next.plus(STEP);
  }

  private void redden(double[] re, double[] im, double memoryWeeks, double deviation) {
    double keep = StrictMath.exp(-1 / memoryWeeks);
    double fresh = deviation * StrictMath.sqrt(1 - keep * keep);
    for (int i = 0; i < re.length; i++) {
      re[i] = keep * re[i] + fresh * random.nextGaussian();
      im[i] = keep * im[i] + fresh * random.nextGaussian();
    }
  }

  /** The two noises together, at the nearest of the finer columns of the transform. */
  private double[] noise() {
    double[] re = new double[fastRe.length];
    double[] im = new double[fastRe.length];
    for (int i = 0; i < re.length; i++) {
      re[i] = fastRe[i] + slowRe[i];
      im[i] = fastIm[i] + slowIm[i];
    }
    double[] fine = harmonics.synthesis(re, im, SYNTHESIS_COLUMNS);
    double[] out = new double[GRID.cells()];
    for (int cell = 0; cell < out.length; cell++) {
      int row = cell / GRID.columns();
      double longitude = GRID.longitude(cell % GRID.columns());
      int column = (int) Math.round(longitude / 360 * SYNTHESIS_COLUMNS) % SYNTHESIS_COLUMNS;
      out[cell] = fine[row * SYNTHESIS_COLUMNS + column];
    }
    return out;
  }

  private static double climatology(double latitude, Instant at) {
    double sine = StrictMath.sin(StrictMath.toRadians(latitude));
    double twice = StrictMath.sin(StrictMath.toRadians(2 * latitude));
    return 301 - 31 * sine * sine + 4.5 * twice * Seasons.northernSummer(at, 35);
  }

  /** Eastern tropical Pacific. */
  private static double warmPattern(double latitude, double longitude) {
    return bump(latitude, longitude, 0, 235, 9, 38);
  }

  /** North Pacific, opposite, and Indian Ocean: a quarter of a period away. */
  private static double lateralPattern(double latitude, double longitude) {
    return -0.6 * bump(latitude, longitude, 38, 190, 12, 30)
        + 0.4 * bump(latitude, longitude, -8, 75, 14, 25);
  }

  private static double bump(
      double latitude, double longitude, double north, double east, double height, double width) {
    double y = (latitude - north) / height;
    double x = StrictMath.IEEEremainder(longitude - east, 360) / width;
    return StrictMath.exp(-0.5 * (x * x + y * y));
  }
}
