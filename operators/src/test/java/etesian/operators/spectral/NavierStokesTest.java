package etesian.operators.spectral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import etesian.operators.conformance.CaseResult;
import etesian.operators.conformance.Conformance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NavierStokesTest {
  private static final int N = 16;

  /** Taylor and Green: the vortices advect nothing and decay by exp(-8 pi^2 nu t). */
  @Test
  void taylorGreenVorticesDecay() {
    double[] w = new double[N * N];
    for (int i = 0; i < w.length; i++) {
      double x = 2 * Math.PI * (i / N) / N;
      double y = 2 * Math.PI * (i % N) / N;
      w[i] = Math.cos(x) * Math.cos(y);
    }
    double viscosity = 0.01;
    double[] later;
    try (NavierStokes flow = new NavierStokes(N, viscosity, 0.001, 500)) {
      later = flow.advance(w, new double[N * N]);
    }
    double decay = Math.exp(-8 * Math.PI * Math.PI * viscosity * 0.5);
    for (int i = 0; i < w.length; i++) {
      assertThat(later[i]).isCloseTo(decay * w[i], within(1e-6));
    }
  }

  /** With two modes of one wave number the same holds; a steady force balances the friction. */
  @Test
  void aForceBalancesTheFriction() {
    double[] w = new double[N * N];
    double[] force = new double[N * N];
    double viscosity = 0.02;
    for (int i = 0; i < w.length; i++) {
      w[i] = Math.sin(2 * Math.PI * (i % N) / N);
      force[i] = viscosity * 4 * Math.PI * Math.PI * w[i];
    }
    try (NavierStokes flow = new NavierStokes(N, viscosity, 0.01, 100)) {
      assertThat(flow.advance(w, force)).containsExactly(w, within(1e-12));
    }
  }

  @Test
  void randomFieldsAreSeededSmoothAndWithoutMean() {
    try (NavierStokes flow = new NavierStokes(32, 0.01, 0.01, 1)) {
      double[] fields = flow.randomFields(2, 4);
      assertThat(flow.randomFields(2, 4)).isEqualTo(fields);
      assertThat(Arrays.stream(fields, 0, 1024).sum()).isCloseTo(0, within(1e-9));
      double size = 0;
      double steps = 0;
      for (int i = 0; i < 1023; i++) {
        size += fields[i] * fields[i];
        steps += Math.pow(fields[i + 1] - fields[i], 2);
      }
      assertThat(steps).isLessThan(0.5 * size); // white noise has 2
    }
  }

  @Test
  void whatIsNoFieldIsRefused() {
    try (NavierStokes flow = new NavierStokes(8, 0.01, 0.01, 1)) {
      assertThatThrownBy(() -> flow.advance(new double[60], new double[64]))
          .hasMessage("60 values are not fields of 8 x 8");
    }
    assertThatThrownBy(() -> new NavierStokes(9, 0.01, 0.01, 1)).hasMessageContaining("n = 9");
  }

  @ParameterizedTest
  @ValueSource(strings = {"solver_ns", "solver_ns_forced"})
  void goldenSolutionsAreMet(String name) throws IOException {
    Path shared = Path.of(System.getProperty("etesian.shared", "shared"));
    Path file = shared.resolve("conformance/nsm/" + name + ".npz");
    assumeTrue(Files.exists(file), () -> "no golden vectors at " + file);
    assertThat(Conformance.run(file)).allMatch(CaseResult::pass);
  }
}
