package etesian.ops.sample;

import etesian.ingest.field.Grid;
import etesian.ingest.field.Variable;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An ERA5-like atmosphere on 32 x 64 cells, six-hourly: {@code t2m} [K], {@code u10} and {@code
 * v10} [m s-1].
 *
 * <p>The temperature is a climatology with an annual and a diurnal cycle, both stronger over land,
 * plus an anomaly that winds of a {@link Barotropic} flow carry along: what will be here tomorrow
 * is to the west today.
 */
public final class SimulatedAtmosphere {
  public static final Duration STEP = Duration.ofHours(6);
  public static final Grid GRID = new Grid(32, 64, 87.1875, 0, 5.625, 5.625);
  public static final Variable T2M = new Variable("t2m", "K", "2 metre temperature", "");
  public static final Variable U10 =
      new Variable("u10", "m s**-1", "10 metre U wind component", "");
  public static final Variable V10 =
      new Variable("v10", "m s**-1", "10 metre V wind component", "");

  private static final int SPIN_UP_DAYS = 30;
  private static final double RADIUS = 6.371e6;
  private static final double NEAR_SURFACE = 0.6; // share of the wind that is left at 10 m
  private static final double POLE_TO_EQUATOR = 45; // K

  private final Barotropic flow;
  private final double[] land = Continents.landFractions(GRID);
  private final Harmonics harmonics;
  private Instant next;

  /** The world of a seed from a given time on. */
  public SimulatedAtmosphere(long seed, Instant start) {
    double[] sines = new double[GRID.rows()];
    for (int row = 0; row < sines.length; row++) {
      sines[row] = StrictMath.sin(StrictMath.toRadians(GRID.latitude(row)));
    }
    harmonics = new Harmonics(Barotropic.TRUNCATION, sines);
    flow = new Barotropic(seed);
    next = start.minus(Duration.ofDays(SPIN_UP_DAYS));
    while (next.isBefore(start)) {
      advance();
    }
    next = start;
  }

  /** Valid time of what {@link #next} will give. */
  public Instant nextAt() {
    return next;
  }

  /** The fields at {@link #nextAt}, each of shape (rows, columns); time goes on by a step. */
  public Map<Variable, float[]> next() {
    Map<Variable, float[]> fields = new LinkedHashMap<>();
    fields.put(T2M, temperature());
    winds(fields);
    advance();
    return fields;
  }

  private void advance() {
    // the contrast between equator and poles is larger in winter: more to carry
    double summer = Seasons.northernSummer(next, 0);
    flow.setBackground(10 * summer, -POLE_TO_EQUATOR);
    for (long s = 0; s < STEP.toSeconds(); s += Barotropic.STEP_SECONDS) {
      flow.step();
    }
    next = next.plus(STEP);
  }

  private float[] temperature() {
    double[] anomaly = flow.temperature(harmonics, GRID.columns());
    float[] out = new float[anomaly.length];
    for (int row = 0; row < GRID.rows(); row++) {
      for (int column = 0; column < GRID.columns(); column++) {
        int cell = row * GRID.columns() + column;
        double latitude = GRID.latitude(row);
        double longitude = GRID.longitude(column);
        out[cell] = (float) (climatology(latitude, longitude, land[cell], next) + anomaly[cell]);
      }
    }
    return out;
  }

  /** Temperature without weather [K]. */
  static double climatology(double latitude, double longitude, double land, Instant at) {
    double sine = StrictMath.sin(StrictMath.toRadians(latitude));
    double cosine = StrictMath.cos(StrictMath.toRadians(latitude));
    double annual = sine * (5 + 13 * land) * Seasons.northernSummer(at, 25 * (1 - land));
    double diurnal = cosine * (0.4 + 5 * land) * Seasons.afternoon(at, longitude);
    return 301 - POLE_TO_EQUATOR * sine * sine + annual + diurnal;
  }

  private void winds(Map<Variable, float[]> fields) {
    double[][] psi = flow.streamFunction();
    double[] re = psi[0];
    double[] im = psi[1];
    double[] slope = harmonics.slope(re, im, GRID.columns());
    double[] eastRe = new double[re.length];
    double[] eastIm = new double[re.length];
    for (int m = 0; m <= Barotropic.TRUNCATION; m++) {
      for (int n = m; n <= Barotropic.TRUNCATION; n++) {
        int i = harmonics.at(m, n);
        eastRe[i] = -m * im[i];
        eastIm[i] = m * re[i];
      }
    }
    double[] east = harmonics.synthesis(eastRe, eastIm, GRID.columns());
    float[] u = new float[slope.length];
    float[] v = new float[slope.length];
    for (int cell = 0; cell < u.length; cell++) {
      double latitude = GRID.latitude(cell / GRID.columns());
      double scale = NEAR_SURFACE / (RADIUS * StrictMath.cos(StrictMath.toRadians(latitude)));
      u[cell] = (float) (-scale * slope[cell]);
      v[cell] = (float) (scale * east[cell]);
    }
    fields.put(U10, u);
    fields.put(V10, v);
  }
}
