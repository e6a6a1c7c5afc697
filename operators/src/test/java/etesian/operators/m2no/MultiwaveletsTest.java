package etesian.operators.m2no;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultiwaveletsTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 8, 12})
  void legendreFiltersAreOrthonormal(int k) {
    assertRowsAreOrthonormal(Multiwavelets.lowPass(Base.LEGENDRE, k));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void legendreFiltersForTwoAxesAreOrthonormal(int k) {
    assertRowsAreOrthonormal(Multiwavelets.lowPass2d(Base.LEGENDRE, k));
  }

  /** [H; G] is orthogonal: nothing is lost between the levels. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 6})
  void highPassCompletesLowPass(int k) {
    double[][] line = stack(Multiwavelets.lowPass(Base.LEGENDRE, k), Multiwavelets.highPass(k));
    assertThat(line).hasDimensions(2 * k, 2 * k);
    assertRowsAreOrthonormal(line);
    double[][] plane =
        stack(Multiwavelets.lowPass2d(Base.LEGENDRE, k), Multiwavelets.highPass2d(k));
    assertThat(plane).hasDimensions(4 * k * k, 4 * k * k);
    assertRowsAreOrthonormal(plane);
  }

  private static double[][] stack(double[][] upper, double[][] lower) {
    return Stream.of(upper, lower).flatMap(Arrays::stream).toArray(double[][]::new);
  }

  @Test
  void withOneScalingFunctionBothBasesAreHaars() {
    double half = Math.sqrt(0.5);
    for (Base base : Base.values()) {
      assertThat(Multiwavelets.lowPass(base, 1)[0])
          .containsExactly(new double[] {half, half}, within(1e-15));
      assertThat(Multiwavelets.lowPass2d(base, 1)[0])
          .containsExactly(new double[] {0.5, 0.5, 0.5, 0.5}, within(1e-15));
    }
  }

  /** 1 and sqrt(3) (2x - 1): the mean of each half, and its slope, worked by hand. */
  @Test
  void twoLegendreFunctionsGiveTheFilterWorkedByHand() {
    double r = Math.sqrt(0.5);
    double s = Math.sqrt(3) / 2;
    double[][] h = Multiwavelets.lowPass(Base.LEGENDRE, 2);
    assertThat(h[0]).containsExactly(new double[] {r, 0, r, 0}, within(1e-15));
    assertThat(h[1]).containsExactly(new double[] {-s * r, r / 2, s * r, r / 2}, within(1e-15));
  }

  private static void assertRowsAreOrthonormal(double[][] h) {
    for (int i = 0; i < h.length; i++) {
      for (int j = 0; j < h.length; j++) {
        double dot = 0;
        for (int m = 0; m < h[i].length; m++) {
          dot += h[i][m] * h[j][m];
        }
        assertThat(dot).isEqualTo(i == j ? 1 : 0, within(1e-12));
      }
    }
  }
}
