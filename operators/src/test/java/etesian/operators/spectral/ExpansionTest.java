package etesian.operators.spectral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpansionTest {
  private static final List<String> BASES = List.of("FF", "CF", "FC", "CC");

  @Property(tries = 40)
  void productsAreFreeOfAliasing(
      @ForAll @IntRange(max = 3) int basis,
      @ForAll @IntRange(min = 2, max = 9) int n,
      @ForAll @IntRange(min = 2, max = 9) int m,
      @ForAll long seed) {
    try (Doubles of = new Doubles()) {
      Expansion u = of.random(BASES.get(basis), seed, n, m);
      Expansion v = of.random(BASES.get(basis), seed + 1, m, n + 1);
      Expansion product = u.times(v);
      assertThat(product.modes()).containsExactly(n + m, m + n + 1);
      double[][] points = Doubles.points(5, 2, seed);
      double[] expected = u.at(points).mul(v.at(points)).toDoubleArray();
      assertThat(product.at(points).toDoubleArray()).containsExactly(expected, within(1e-11));
    }
  }

  /** The mean of the square over a fine grid of points, which are those of the measure. */
  @Property(tries = 40)
  void parsevalGivesTheIntegral(
      @ForAll @IntRange(max = 3) int basis,
      @ForAll @IntRange(min = 2, max = 9) int n,
      @ForAll @IntRange(min = 2, max = 9) int m,
      @ForAll long seed) {
    try (Doubles of = new Doubles()) {
      Expansion u = of.random(BASES.get(basis), seed, n, m);
      double loss = SpectralLoss.PARSEVAL.of(u).getDouble();
      double[][] places = new double[2][40];
      for (int axis = 0; axis < 2; axis++) {
        for (int i = 0; i < 40; i++) {
          boolean periodic = u.basis().axes().get(axis) == Axis.FOURIER;
          places[axis][i] = periodic ? i / 40.0 : (1 + Math.cos(Math.PI * (i + 0.5) / 40)) / 2;
        }
      }
      assertThat(loss).isCloseTo(u.on(places).square().mean().getDouble(), within(1e-11 * loss));
      double plain = SpectralLoss.PLAIN.of(u).getDouble();
      assertThat(plain).isBetween(loss * (1 - 1e-12), 4 * loss * (1 + 1e-12));
    }
  }

  @Test
  void sumsAndDifferencesTakeTheLargerModes() {
    try (Doubles of = new Doubles()) {
      Expansion u = of.random("CF", 1, 5, 8);
      Expansion v = of.random("CF", 2, 7, 3);
      double[][] points = Doubles.points(6, 2, 3);
      Expansion difference = u.minus(v).plus(2);
      assertThat(difference.modes()).containsExactly(7, 8);
      assertThat(difference.at(points).toDoubleArray())
          .containsExactly(u.at(points).sub(v.at(points)).add(2).toDoubleArray(), within(1e-13));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {33, 65})
  void gridsShareTheirCommonPoints(int points) {
    try (Doubles of = new Doubles()) {
      Expansion u = of.random("CF", 1, 12, 64);
      double[] coarse = u.onUniform(points, points).toDoubleArray();
      double[] fine = u.onUniform(129, 129).toDoubleArray();
      int stride = 128 / (points - 1);
      for (int i = 0; i < coarse.length; i++) {
        double same = fine[i / points * stride * 129 + i % points * stride];
        assertThat(coarse[i]).isCloseTo(same, within(1e-12));
      }
      // the published grids of 33 points do not hold 64 modes
      double[] limited = u.onUniformBandLimited(33, 33).toDoubleArray();
      assertThat(limited[40]).isNotCloseTo(fine[4 * 129 + 28], within(1e-3));
    }
  }

  @Test
  void theInverseOfTheLaplacianHasNoMean() {
    try (Doubles of = new Doubles()) {
      Expansion u = of.random("CFF", 1, 3, 7, 5);
      Expansion psi = u.inverseLaplacian(List.of(1, 2), List.of(2.0, 3.0));
      Expansion back =
          psi.derivative(1, 2).times(1 / 4.0).plus(psi.derivative(2, 2).times(1 / 9.0));
      double[] difference = back.minus(u).coefficients().toDoubleArray();
      double[] given = u.coefficients().toDoubleArray();
      for (int i = 0; i < given.length; i++) {
        assertThat(difference[i]).isCloseTo(i % 35 == 0 ? -given[i] : 0, within(1e-13));
      }
      assertThatThrownBy(() -> u.inverseLaplacian(List.of(0, 1), List.of(1.0, 1.0)))
          .hasMessage("axis 0 of CFF is not Fourier");
    }
  }

  /** Orders of magnitude of rounding that grow with the derivative. */
  @Test
  void float32IsAsAccurateAsItCanBe() {
    try (Doubles of = new Doubles();
        Transforms single = new Transforms(DataType.FLOAT32)) {
      Expansion u = of.random("CF", 1, 12, 32);
      Expansion rounded =
          Expansion.of(single, u.basis(), u.coefficients().toType(DataType.FLOAT32, true));
      assertThat(relative(rounded.onUniform(9, 9), u.onUniform(9, 9))).isLessThan(1e-5);
      for (int order = 1; order <= 2; order++) {
        for (int axis = 0; axis < 2; axis++) {
          assertThat(
                  relative(
                      rounded.derivative(axis, order).values(), u.derivative(axis, order).values()))
              .isLessThan(order == 1 ? 1e-4 : 1e-3);
        }
      }
    }
  }

  private static double relative(NDArray actual, NDArray truth) {
    return Doubles.greatest(actual.toType(DataType.FLOAT64, true).sub(truth))
        / Doubles.greatest(truth);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    try (Doubles of = new Doubles()) {
      Expansion u = of.random("CF", 1, 4, 4);
      assertThatThrownBy(() -> u.plus(of.random("FF", 1, 4, 4)))
          .hasMessage("bases CF and FF differ");
      assertThatThrownBy(() -> u.onUniform(5)).hasMessage("1 axes, the basis CF has others");
      assertThatThrownBy(() -> u.onUniform(5, 1)).hasMessageContaining("both ends");
      assertThatThrownBy(
              () -> Expansion.of(of.transforms, Basis.of("CF"), of.scope.zeros(new Shape(1, 4))))
          .hasMessageContaining("expected float64");
      assertThatThrownBy(() -> Basis.of("CX")).hasMessageContaining("basis 'CX'");
    }
  }
}
