package etesian.operators.spectral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MollifierTest {
  private final Doubles of = new Doubles();

  @AfterEach
  void free() {
    of.close();
  }

  @Test
  void periodicPredictionsBeginAtZero() {
    Expansion v = of.random("FF", 1, 6, 5);
    Expansion u = Mollifier.PERIODIC.of(v, v, 0.5);
    assertThat(u.at(new double[] {0, 0}).getDouble()).isCloseTo(0, within(1e-14));
    Expansion same = u.minus(v.times(0.5));
    assertThat(Doubles.greatest(same.derivative(0, 1).coefficients())).isLessThan(1e-14);
    assertThat(Doubles.greatest(same.derivative(1, 1).coefficients())).isLessThan(1e-14);
  }

  @Test
  void theBoundaryIsZero() {
    Expansion v = of.random("CC", 2, 6, 7);
    double[] u = Mollifier.DIRICHLET.of(v, v, 1).onUniform(5, 5).toDoubleArray();
    for (int i = 0; i < 25; i++) {
      boolean inside = i / 5 % 4 != 0 && i % 5 % 4 != 0;
      assertThat(Math.abs(u[i]) > 1e-13).isEqualTo(inside);
    }
  }

  @Test
  void theInitialStateIsKept() {
    Expansion v = of.random("CF", 3, 8, 6);
    Expansion phi = of.of("CF", x -> Math.sin(2 * Math.PI * x[1]), 2, 9);
    Expansion u = Mollifier.INITIAL.of(v, phi, 10);
    assertThat(u.modes()).containsExactly(8, 9);
    double[][] start = Doubles.points(5, 2, 4);
    Arrays.stream(start).forEach(point -> point[0] = 0);
    assertThat(u.at(start).toDoubleArray())
        .containsExactly(phi.at(start).toDoubleArray(), within(1e-13));
    assertThat(u.at(new double[] {1, 0.2}).getDouble())
        .isCloseTo(
            10 * v.at(new double[] {1, 0.2}).getDouble()
                + phi.at(new double[] {1, 0.2}).getDouble(),
            within(1e-12));
  }
}
