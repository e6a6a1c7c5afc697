package etesian.operators.spectral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Reference solvers, random functions and the residual by differences. */
class SolversTest {
  @Test
  void aUniformStateGrowsLogistically() {
    try (ReactionDiffusionSolver solver =
        new ReactionDiffusionSolver(8, new ReactionDiffusion(0.1, 5), 0.01, 50)) {
      double[] u = new double[16];
      Arrays.fill(u, 0.1);
      double expected = 1 / (1 + 9 * Math.exp(-2.5));
      double[] uniform = new double[16];
      Arrays.fill(uniform, expected);
      assertThat(solver.advance(u)).containsExactly(uniform, within(1e-12));
      assertThatThrownBy(() -> solver.advance(new double[7]))
          .hasMessage("7 values are not states of 8");
    }
  }

  /** Half the step, half the error; and the limit leaves no residual. */
  @Test
  void theSplittingIsOfFirstOrder() {
    double[] initial = new double[32];
    Arrays.setAll(initial, i -> 0.5 + 0.4 * Math.cos(2 * Math.PI * i / 32));
    double[] exact = advance(initial, 8192);
    double coarse = distance(advance(initial, 32), exact);
    double fine = distance(advance(initial, 64), exact);
    assertThat(fine / coarse).isBetween(0.45, 0.55);
  }

  private static double[] advance(double[] initial, int steps) {
    try (ReactionDiffusionSolver solver =
        new ReactionDiffusionSolver(32, new ReactionDiffusion(0.05, 5), 1.0 / steps, steps)) {
      return solver.advance(initial);
    }
  }

  private static double distance(double[] a, double[] b) {
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }

  @Test
  void poissonIsSolvedOnBothKindsOfBoundary() {
    try (Doubles of = new Doubles()) {
      Expansion source = of.random("FF", 5, 7, 9);
      Expansion u = PoissonSolver.periodic(source);
      double[] left = new Poisson().of(u, source).coefficients().toDoubleArray();
      left[0] = 0; // the mean of the source has no solution
      assertThat(Arrays.stream(left).map(Math::abs).max().orElseThrow()).isLessThan(1e-12);
      assertThat(u.at(new double[] {0, 0}).getDouble()).isCloseTo(0, within(1e-15));

      double pi = Math.PI;
      Expansion load =
          of.of("CC", x -> 5 * pi * pi * Math.sin(pi * x[0]) * Math.sin(2 * pi * x[1]), 18, 20);
      double[][] points = Doubles.points(5, 2, 1);
      assertThat(PoissonSolver.dirichlet(load).at(points).toDoubleArray())
          .containsExactly(
              Doubles.values(x -> Math.sin(pi * x[0]) * Math.sin(2 * pi * x[1]), points),
              within(1e-10));
    }
  }

  @Test
  void randomFunctionsHaveTheirCovariance() {
    int samples = 4000;
    double[] fields = GaussianFields.periodic(0.2, 16).draw(samples, new Random(1));
    assertThat(GaussianFields.periodic(0.2, 16).draw(samples, new Random(1))).isEqualTo(fields);
    for (int distance : new int[] {0, 1, 2, 15}) {
      double sum = 0;
      for (int s = 0; s < samples; s++) {
        sum += fields[s * 16 + 3] * fields[s * 16 + (3 + distance) % 16] / samples;
      }
      double sine = Math.sin(Math.PI * distance / 16);
      assertThat(sum).isCloseTo(Math.exp(-sine * sine / 0.08), within(0.1));
    }
  }

  @Test
  void randomFunctionsOfTwoDirectionsAreProductsOfBoth() {
    int samples = 2000;
    double[] fields = GaussianFields.chebyshev(0.5, 3, 4).draw(samples, new Random(2));
    double sum = 0;
    for (int s = 0; s < samples; s++) {
      sum += fields[s * 12] * fields[s * 12 + 5] / samples; // (0, 0) and (1, 1)
    }
    double down = Axis.CHEBYSHEV.points(3)[1] - 1;
    double across = Axis.CHEBYSHEV.points(4)[1] - 1;
    assertThat(sum).isCloseTo(Math.exp(-2 * (down * down + across * across)), within(0.1));
  }

  /** Differences are exact for what is linear in time and quadratic in space, but at the ends. */
  @Test
  void differencesOfAPolynomialByHand() {
    double[] u = new double[3 * 9];
    for (int i = 0; i < u.length; i++) {
      int time = i / 9;
      double t = time / 2.0;
      double x = i % 9 / 8.0;
      u[i] = 0.1 + 0.2 * t + x * x;
    }
    ReactionDiffusion equation = new ReactionDiffusion(0.01, 5);
    double[] residual = FiniteDifferences.reactionDiffusion(equation, u, 3, 9);
    int middle = 9 + 4;
    assertThat(residual[middle])
        .isCloseTo(0.2 - 0.01 * 2 - 5 * u[middle] * (1 - u[middle]), within(1e-13));
  }

  @Test
  void differencesSeeTheSourceOfAPeriodicField() {
    int n = 65;
    double[] u = new double[n * n];
    double[] source = new double[n * n];
    for (int i = 0; i < u.length; i++) {
      int row = i / n;
      double wave = Math.sin(2 * Math.PI * row / 64) * Math.cos(2 * Math.PI * (i % n) / 64);
      u[i] = wave;
      source[i] = 8 * Math.PI * Math.PI * wave;
    }
    double[] residual = FiniteDifferences.poissonPeriodic(u, source, n, n);
    assertThat(residual).hasSize(64 * 64);
    double largest = Arrays.stream(residual).map(Math::abs).max().orElseThrow();
    assertThat(largest).isBetween(1e-3, 0.1); // (2 pi)^2 h^2 / 12 of 79, of second order
  }
}
