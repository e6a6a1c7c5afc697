package etesian.ops.sample;

import java.util.Arrays;
import java.util.Random;

/**
 * The barotropic vorticity equation on the sphere, carrying a temperature; spectral transform
 * method, T21 on a Gaussian grid of 32 x 64 (no aliasing of the products), RK4 with steps of two
 * hours.
 *
 * <pre>
 *   d zeta/dt = -u.grad(zeta + f) - (zeta - zeta_jet) / 10 d + stirring - damping(zeta)
 *   d theta/dt = -u.grad(theta + background) - theta / 6 d - damping(theta)
 * </pre>
 *
 * <p>zeta: vorticity [s-1]; theta: temperature anomaly [K]; stirring: red noise in time (2 d) on
 * degrees 5 to 10; damping: biharmonic squared, applied exactly.
 */
final class Barotropic {
  static final int TRUNCATION = 21;
  static final int STEP_SECONDS = 7200;

  private static final int ROWS = 32;
  private static final int COLUMNS = 64;
  private static final double RADIUS = 6.371e6;
  private static final double OMEGA = 7.292e-5;
  private static final double DAY = 86400;
  private static final double JET_RELAXATION = 6 * DAY;
  private static final double JET = 25; // m/s
  private static final double TRADES = 5; // m/s
  private static final double COOLING = 4 * DAY;
  private static final double STIRRING_MEMORY = 1 * DAY;
  private static final double STIRRING = 5e-12; // s-2, of each coefficient
  private static final double HEATING = 2.0e-6; // K s-1, of each coefficient
  private static final int STIRRED_FROM = 6;
  private static final int STIRRED_TO = 14;
  private static final double SMALLEST_SCALE_LIFE = DAY / 3;

  private final Harmonics harmonics;
  private final Fourier fourier = new Fourier(COLUMNS);
  private final double[] sines = GaussianLatitudes.sines(ROWS);
  private final double[] weights = GaussianLatitudes.weights(ROWS);
  private final int size;
  private final Random random;

  private final int[] degree;
  private final int[] order;
  private final double[] damping;
  private final double[] jet; // coefficients of m = 0 only

  // state: zeta and theta, real and imaginary parts after each other, length 4 * size
  private final double[] state;
  private final double[] forcing; // stirring and heating, laid out as the state
  private final double[] background; // advected beside theta, length size, m = 0 only

  private final double[] tendency;
  private final double[] sum;
  private final double[] probe;
  private final double[] x = new double[COLUMNS];
  private final double[] y = new double[COLUMNS];
  private final double[] x2 = new double[COLUMNS];
  private final double[] y2 = new double[COLUMNS];

  Barotropic(long seed) {
    harmonics = new Harmonics(TRUNCATION, sines);
    size = harmonics.size();
    random = new Random(seed);
    degree = new int[size];
    order = new int[size];
    damping = new double[size];
    for (int m = 0; m <= TRUNCATION; m++) {
      for (int n = m; n <= TRUNCATION; n++) {
        int i = harmonics.at(m, n);
        degree[i] = n;
        order[i] = m;
        double scale = n * (n + 1.0) / (TRUNCATION * (TRUNCATION + 1.0));
        damping[i] = StrictMath.exp(-STEP_SECONDS / SMALLEST_SCALE_LIFE * StrictMath.pow(scale, 4));
      }
    }
    state = new double[4 * size];
    tendency = new double[4 * size];
    sum = new double[4 * size];
    probe = new double[4 * size];
    forcing = new double[4 * size];
    background = new double[size];
    jet = jetVorticity();
    System.arraycopy(jet, 0, state, 0, size);
  }

  /** Westerlies JET sin^2(2 lat), easterlies TRADES cos^4(lat). */
  private double[] jetVorticity() {
    double[] zonal = new double[size];
    for (int row = 0; row < ROWS; row++) {
      double mu = sines[row];
      double cosine2 = 1 - mu * mu;
      double wind = JET * 4 * mu * mu * cosine2 - TRADES * cosine2 * cosine2;
      for (int n = 1; n <= TRUNCATION; n++) {
        int i = harmonics.at(0, n);
        // zeta = -1/a d(u cos)/dmu, integrated by parts
        zonal[i] +=
            weights[row] * wind * StrictMath.sqrt(cosine2) * harmonics.h(row, i) / cosine2 / RADIUS;
      }
    }
    return zonal;
  }

  /**
   * The mean temperature whose gradient feeds the anomalies: T = a mu + b mu^2.
   *
   * @param antisymmetric a, in K
   * @param symmetric b, in K
   */
  void setBackground(double antisymmetric, double symmetric) {
    background[harmonics.at(0, 1)] = antisymmetric * StrictMath.sqrt(2.0 / 3);
    background[harmonics.at(0, 2)] = symmetric * 2.0 / 3 * StrictMath.sqrt(2.0 / 5);
  }

  /** Advances by {@link #STEP_SECONDS}. */
  void step() {
    stir();
    double dt = STEP_SECONDS;
    differentiate(state);
    System.arraycopy(tendency, 0, sum, 0, sum.length);
    advance(dt / 2);
    differentiate(probe);
    accumulate(2);
    advance(dt / 2);
    differentiate(probe);
    accumulate(2);
    advance(dt);
    differentiate(probe);
    accumulate(1);
    for (int part = 0; part < 4; part++) {
      for (int i = 0; i < size; i++) {
        int k = part * size + i;
        state[k] = (state[k] + dt / 6 * sum[k]) * damping[i];
      }
    }
  }

  private void stir() {
    double keep = StrictMath.exp(-STEP_SECONDS / STIRRING_MEMORY);
    double fresh = StrictMath.sqrt(1 - keep * keep);
    for (int k = 0; k < forcing.length; k++) {
      int i = k % size;
      if (order[i] > 0 && degree[i] >= STIRRED_FROM && degree[i] <= STIRRED_TO) {
        double deviation = k < 2 * size ? STIRRING : HEATING;
        forcing[k] = keep * forcing[k] + fresh * deviation * random.nextGaussian();
      }
    }
  }

  private void advance(double dt) {
    for (int k = 0; k < state.length; k++) {
      probe[k] = state[k] + dt * tendency[k];
    }
  }

  private void accumulate(double weight) {
    for (int k = 0; k < sum.length; k++) {
      sum[k] += weight * tendency[k];
    }
  }

  /** Writes d s/dt of the whole state to {@link #tendency}. */
  private void differentiate(double[] s) {
    for (int k = 0; k < s.length; k++) {
      double towards = k < size ? jet[k] : 0;
      tendency[k] = (towards - s[k]) / (k < 2 * size ? JET_RELAXATION : COOLING) + forcing[k];
    }
    for (int row = 0; row < ROWS; row++) {
      toPoints(s, row);
      for (int column = 0; column < COLUMNS; column++) {
        double u = x[column];
        double v = y[column];
        double q = x2[column];
        double t = y2[column];
        x[column] = u * q;
        y[column] = v * q;
        x2[column] = u * t;
        y2[column] = v * t;
      }
      fourier.transform(x, y, -1);
      fourier.transform(x2, y2, -1);
      addDivergence(row, x, y, 0);
      addDivergence(row, x2, y2, 2 * size);
    }
  }

  /**
   * u cos(lat) to x, v cos(lat) to y, absolute vorticity to x2, temperature to y2; two real fields
   * share one complex transform.
   */
  private void toPoints(double[] s, int row) {
    Arrays.fill(x, 0);
    Arrays.fill(y, 0);
    Arrays.fill(x2, 0);
    Arrays.fill(y2, 0);
    for (int m = 0; m <= TRUNCATION; m++) {
      double ur = 0;
      double ui = 0;
      double vr = 0;
      double vi = 0;
      double qr = 0;
      double qi = 0;
      double tr = 0;
      double ti = 0;
      int first = harmonics.at(m, m);
      for (int n = m; n <= TRUNCATION; n++) {
        int i = first + n - m;
        double p = harmonics.p(row, i);
        double zr = s[i];
        double zi = s[size + i];
        if (n > 0) {
          double inverse = RADIUS / (n * (n + 1.0)); // psi = -a^2 zeta / n(n+1)
          double ph = harmonics.h(row, i) * inverse;
          double pm = m * p * inverse;
          ur += ph * zr;
          ui += ph * zi;
          vr += pm * zi; // i m psi / a
          vi -= pm * zr;
        }
        qr += p * zr;
        qi += p * zi;
        tr += p * (s[2 * size + i] + background[i]);
        ti += p * s[3 * size + i];
      }
      pair(x, y, m, ur, ui, vr, vi);
      pair(x2, y2, m, qr, qi, tr, ti);
    }
    fourier.transform(x, y, 1);
    fourier.transform(x2, y2, 1);
    double planetary = 2 * OMEGA * sines[row];
    for (int column = 0; column < COLUMNS; column++) {
      x2[column] += planetary;
    }
  }

  /** Wave number m of a + i b, where a and b are real at the points. */
  private static void pair(
      double[] re, double[] im, int m, double ar, double ai, double br, double bi) {
    re[m] = ar - bi;
    im[m] = ai + br;
    if (m > 0) {
      re[COLUMNS - m] = ar + bi;
      im[COLUMNS - m] = br - ai;
    }
  }

  /** Subtracts the divergence of the flux whose transform is packed in (re, im). */
  private void addDivergence(int row, double[] re, double[] im, int offset) {
    double cosine2 = 1 - sines[row] * sines[row];
    double factor = weights[row] / (cosine2 * RADIUS * COLUMNS);
    for (int m = 0; m <= TRUNCATION; m++) {
      int minus = (COLUMNS - m) % COLUMNS;
      double ar = 0.5 * (re[m] + re[minus]); // eastward flux
      double ai = 0.5 * (im[m] - im[minus]);
      double br = 0.5 * (im[m] + im[minus]); // northward flux
      double bi = 0.5 * (re[minus] - re[m]);
      int first = harmonics.at(m, m);
      for (int n = m; n <= TRUNCATION; n++) {
        int i = first + n - m;
        double mp = factor * m * harmonics.p(row, i);
        double h = factor * harmonics.h(row, i);
        tendency[offset + i] += mp * ai + h * br;
        tendency[offset + size + i] += -mp * ar + h * bi;
      }
    }
  }

  /** Temperature anomaly [K] at the latitudes of the given harmonics. */
  double[] temperature(Harmonics at, int columns) {
    return at.synthesis(part(2), part(3), columns);
  }

  /** Stream function [m2 s-1], real parts then imaginary parts of its coefficients. */
  double[][] streamFunction() {
    double[] re = part(0);
    double[] im = part(1);
    for (int i = 0; i < size; i++) {
      double factor = degree[i] == 0 ? 0 : -RADIUS * RADIUS / (degree[i] * (degree[i] + 1.0));
      re[i] *= factor;
      im[i] *= factor;
    }
    return new double[][] {re, im};
  }

  private double[] part(int k) {
    return Arrays.copyOfRange(state, k * size, (k + 1) * size);
  }
}
