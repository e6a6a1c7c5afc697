package etesian.operators.spectral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SphericalVorticityTest {
  private final Doubles of = new Doubles();

  @AfterEach
  void free() {
    of.close();
  }

  /** sqrt(3) mu and sqrt(3) cos(latitude) cos(longitude) have squares of mean 1. */
  @Test
  void theFirstHarmonicsByHand() {
    SphericalHarmonics harmonics = new SphericalHarmonics(2);
    assertThat(harmonics.size()).isEqualTo(9);
    double[] c = new double[2 * 9];
    c[harmonics.index(1, 0, false)] = 1;
    c[9 + harmonics.index(1, 1, false)] = 1;
    double[] values = harmonics.values(time(c, 2, 9)).coefficients().toDoubleArray();
    double[] mu = harmonics.sines();
    int n = harmonics.longitudes();
    for (int p = 0; p < mu.length * n; p++) {
      double s = mu[p / n];
      assertThat(values[p]).isCloseTo(Math.sqrt(3) * s, within(1e-13));
      assertThat(values[mu.length * n + p])
          .isCloseTo(
              Math.sqrt(3 * (1 - s * s)) * Math.cos(2 * Math.PI * (p % n) / n), within(1e-13));
    }
    assertThatThrownBy(() -> harmonics.index(3, 0, false)).hasMessageContaining("l = 3, m = 0");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 12})
  void valuesAndCoefficientsAreTheSame(int degree) {
    SphericalHarmonics harmonics = new SphericalHarmonics(degree);
    Expansion u = random(harmonics, 2, degree);
    double[] back = harmonics.analysis(harmonics.values(u)).coefficients().toDoubleArray();
    assertThat(back).containsExactly(u.coefficients().toDoubleArray(), within(1e-12));
  }

  /** Rossby and Haurwitz: waves of one degree turn westwards at 2 Omega / (l (l + 1)). */
  @Test
  void planetaryWavesOfOneDegree() {
    SphericalHarmonics harmonics = new SphericalHarmonics(6);
    double duration = 2;
    double rotation = 3;
    double speed = 2 * rotation / (4 * 5);
    int times = 20;
    double[] values = new double[times * harmonics.size()];
    double[] t = Axis.CHEBYSHEV.points(times);
    for (int i = 0; i < times; i++) {
      for (int m = 1; m <= 4; m++) {
        double phase = m * speed * duration * t[i] + m;
        values[i * harmonics.size() + harmonics.index(4, m, false)] = Math.cos(phase);
        values[i * harmonics.size() + harmonics.index(4, m, true)] = -Math.sin(phase);
      }
    }
    Expansion zeta =
        Expansion.transform(
            of.transforms,
            Basis.of("C"),
            of.scope.create(values, new Shape(times, harmonics.size(), 1, 1)));
    for (Product product : Product.values()) {
      assertThat(left(equation(harmonics, duration, rotation, product), zeta)).isLessThan(1e-10);
    }
    assertThat(left(equation(harmonics, duration, 2, Product.COLLOCATED), zeta))
        .isGreaterThan(1e-2);
  }

  private static SphericalVorticity equation(
      SphericalHarmonics harmonics, double duration, double rotation, Product product) {
    return new SphericalVorticity(harmonics, duration, 1.5, rotation, 0, product);
  }

  /** Advection moves energy and enstrophy about, and makes none. */
  @Test
  void advectionConserves() {
    SphericalHarmonics harmonics = new SphericalHarmonics(7);
    Expansion zeta = random(harmonics, 2, 5);
    double[] steady = zeta.coefficients().toDoubleArray();
    Arrays.fill(steady, harmonics.size(), steady.length, 0); // constant in time
    Expansion still = time(steady, 2, harmonics.size());
    SphericalVorticity equation = new SphericalVorticity(harmonics, 1, 1, 0, 0, Product.ALIAS_FREE);
    double[] tendency = equation.of(still, still).coefficients().toDoubleArray();
    double[] psi = equation.streamFunction(still).coefficients().toDoubleArray();
    double size = 0;
    double enstrophy = 0;
    double energy = 0;
    for (int k = 0; k < harmonics.size(); k++) {
      size = Math.max(size, Math.abs(tendency[k]));
      enstrophy += tendency[k] * steady[k];
      energy += tendency[k] * psi[k];
    }
    assertThat(size).isGreaterThan(0.1);
    assertThat(enstrophy).isCloseTo(0, within(1e-11));
    assertThat(energy).isCloseTo(0, within(1e-12));
  }

  /** A field on latitude and longitude: mu^2 is 1/3 and the harmonic of degree 2. */
  @Test
  void predictionsOnLatitudeAndLongitudeBecomeHarmonics() {
    SphericalHarmonics harmonics = new SphericalHarmonics(4);
    Expansion u = of.of("CCF", x -> Math.pow(Math.sin(Math.PI * (x[1] - 0.5)), 2), 2, 24, 3);
    Expansion on = harmonics.of(u);
    double[] c = on.coefficients().toDoubleArray();
    double[] expected = new double[c.length];
    expected[harmonics.index(0, 0, false)] = 1 / 3.0;
    expected[harmonics.index(2, 0, false)] = 2 / (3 * Math.sqrt(5));
    assertThat(c).containsExactly(expected, within(1e-12));
    assertThat(SpectralLoss.PARSEVAL.of(on).getDouble()).isCloseTo(0.2, within(1e-12));
  }

  @Test
  void anotherDegreeIsRefused() {
    SphericalVorticity equation = equation(new SphericalHarmonics(3), 1, 1, Product.COLLOCATED);
    Expansion zeta = random(new SphericalHarmonics(2), 3, 1);
    assertThatThrownBy(() -> equation.of(zeta, zeta)).hasMessageContaining("then 16 harmonics");
    assertThatThrownBy(() -> new SphericalHarmonics(0)).hasMessageContaining("degree 0");
  }

  private static double left(SphericalVorticity equation, Expansion zeta) {
    return Doubles.greatest(equation.of(zeta, zeta).coefficients());
  }

  private Expansion random(SphericalHarmonics harmonics, int times, long seed) {
    Random random = new Random(seed);
    double[] c = new double[times * harmonics.size()];
    Arrays.setAll(c, i -> random.nextGaussian());
    return time(c, times, harmonics.size());
  }

  private Expansion time(double[] coefficients, int times, int harmonics) {
    return Expansion.of(
        of.transforms, Basis.of("C"), of.scope, coefficients, times, harmonics, 1, 1);
  }
}
