package etesian.operators.spectral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AxisTest {
  /** x^2 = 3/8 + T_1 / 2 + T_2 / 8 with z = 2 x - 1, and its derivative 2 x = 1 + T_1. */
  @Test
  void aParabolaByHand() {
    double[] c = coefficients(Axis.CHEBYSHEV, 4, x -> x * x);
    assertThat(c).containsExactly(new double[] {0.375, 0.5, 0.125, 0}, within(1e-15));
    assertThat(times(Axis.CHEBYSHEV.derivative(4, 1), c))
        .containsExactly(new double[] {1, 1, 0, 0}, within(1e-14));
    assertThat(times(Axis.CHEBYSHEV.derivative(4, 2), c))
        .containsExactly(new double[] {2, 0, 0, 0}, within(1e-14));
  }

  /** The sine has a minus and lies at the end; (2 cos + sin)' = 2 pi (cos - 2 sin). */
  @Test
  void aWaveByHand() {
    double[] c =
        coefficients(
            Axis.FOURIER, 4, x -> 3 + 2 * Math.cos(2 * Math.PI * x) + Math.sin(2 * Math.PI * x));
    assertThat(c).containsExactly(new double[] {3, 2, 0, -1}, within(1e-15));
    assertThat(times(Axis.FOURIER.derivative(4, 1), c))
        .containsExactly(new double[] {0, 2 * Math.PI, 0, 4 * Math.PI}, within(1e-14));
  }

  @Property(tries = 60)
  void valuesAndCoefficientsAreTheSame(
      @ForAll Axis axis, @ForAll @IntRange(min = 2, max = 40) int n) {
    double[][] both = Matrices.product(axis.transform(n), axis.inverse(n));
    double[][] identity = Matrices.identity(n);
    for (int i = 0; i < n; i++) {
      assertThat(both[i]).containsExactly(identity[i], within(1e-12));
    }
  }

  @Property(tries = 60)
  void derivativesOfPolynomialsAreExact(
      @ForAll @IntRange(min = 3, max = 20) int n, @ForAll @IntRange(min = 0, max = 19) int degree) {
    int p = Math.min(degree, n - 1);
    double[] c = coefficients(Axis.CHEBYSHEV, n, x -> Math.pow(x, p));
    double[] slope = at(Axis.CHEBYSHEV, times(Axis.CHEBYSHEV.derivative(n, 1), c), 0.3);
    assertThat(slope[0]).isCloseTo(p == 0 ? 0 : p * Math.pow(0.3, p - 1), within(1e-10));
  }

  @Property(tries = 60)
  void derivativesOfWavesAreExact(
      @ForAll @IntRange(min = 3, max = 41) int n,
      @ForAll @IntRange(min = 1, max = 20) int number,
      @ForAll @IntRange(min = 1, max = 3) int order) {
    double w = 2 * Math.PI * Math.min(number, (n - 1) / 2);
    double[] c = coefficients(Axis.FOURIER, n, x -> Math.sin(w * x + 0.4));
    double expected = Math.pow(w, order) * Math.sin(w * 0.3 + 0.4 + order * Math.PI / 2);
    double[] actual = at(Axis.FOURIER, times(Axis.FOURIER.derivative(n, order), c), 0.3);
    assertThat(actual[0]).isCloseTo(expected, within(1e-11 * Math.pow(w, order)));
  }

  /** All but the constant, and but what n modes cannot hold. */
  @Property(tries = 60)
  void integralsUndoDerivatives(@ForAll Axis axis, @ForAll @IntRange(min = 3, max = 30) int n) {
    double[] c = new double[n];
    Arrays.setAll(c, k -> 1.0 / (1 + k));
    if (n % 2 == 0 && axis == Axis.FOURIER) {
      c[n / 2] = 0;
    }
    double[] back = times(axis.integral(n), times(axis.derivative(n, 1), c));
    c[0] = 0;
    back[0] = 0;
    assertThat(back).containsExactly(c, within(1e-13));
  }

  @Property(tries = 60)
  void moreModesAreTheSameFunction(
      @ForAll Axis axis,
      @ForAll @IntRange(min = 2, max = 20) int n,
      @ForAll @IntRange(min = 0, max = 20) int more) {
    double[] c = new double[n];
    Arrays.setAll(c, k -> 1.0 / (1 + k));
    double[] resized = times(axis.resize(n, n + more), c);
    assertThat(at(axis, resized, 0.1, 0.7)).containsExactly(at(axis, c, 0.1, 0.7), within(1e-13));
    assertThat(times(axis.resize(n + more, n), resized)).containsExactly(c);
  }

  @Test
  void gridsBecomeCoefficients() {
    DoubleUnaryOperator cubic = x -> 1 + x - 2 * x * x * x;
    double[] c = times(Axis.CHEBYSHEV.fromUniform(9, 6), values(cubic, Axis.CHEBYSHEV.uniform(9)));
    assertThat(at(Axis.CHEBYSHEV, c, 0.33, 0.9))
        .containsExactly(
            new double[] {cubic.applyAsDouble(0.33), cubic.applyAsDouble(0.9)}, within(1e-13));
    DoubleUnaryOperator wave = x -> Math.cos(4 * Math.PI * x);
    double[] f = times(Axis.FOURIER.fromUniform(12, 6), values(wave, Axis.FOURIER.uniform(12)));
    assertThat(at(Axis.FOURIER, f, 0.33)[0]).isCloseTo(wave.applyAsDouble(0.33), within(1e-13));
    assertThatThrownBy(() -> Axis.CHEBYSHEV.fromUniform(3, 6)).hasMessageContaining("at least 4");
  }

  private static double[] coefficients(Axis axis, int n, DoubleUnaryOperator function) {
    return times(axis.transform(n), values(function, axis.points(n)));
  }

  private static double[] values(DoubleUnaryOperator function, double... x) {
    return Arrays.stream(x).map(function).toArray();
  }

  private static double[] at(Axis axis, double[] coefficients, double... x) {
    return times(axis.evaluate(coefficients.length, x), coefficients);
  }

  private static double[] times(double[][] matrix, double[] vector) {
    return Arrays.stream(matrix)
        .mapToDouble(
            row -> {
              double sum = 0;
              for (int j = 0; j < vector.length; j++) {
                sum += row[j] * vector[j];
              }
              return sum;
            })
        .toArray();
  }
}
