package etesian.operators.physics;

import static etesian.operators.physics.Waves.channels;
import static etesian.operators.physics.Waves.constant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import etesian.operators.Devices;
import etesian.operators.physics.Equation.AdvectionDiffusion;
import etesian.operators.physics.Equation.BarotropicVorticity;
import etesian.operators.physics.StepResidual.Size;
import etesian.operators.spectral.Basis;
import etesian.operators.spectral.Expansion;
import etesian.operators.spectral.Product;
import etesian.operators.spectral.SpectralLoss;
import etesian.operators.spectral.Transforms;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Solutions that are known leave nothing over; what is no solution does. */
class StepResidualTest {
  private static final int ROWS = 16;
  private static final int COLUMNS = 24;
  private static final double HEIGHT = 2e6;
  private static final double WIDTH = 3e6;
  private static final double KAPPA = 2e4;
  private static final double U = 12;
  private static final double V = -7;

  /** A wave that is carried along and decays, a time after the beginning. */
  private static DoubleBinaryOperator wave(double seconds) {
    double kx = 2 * Math.PI * 2 / WIDTH;
    double ky = 2 * Math.PI / HEIGHT;
    double decay = Math.exp(-KAPPA * (kx * kx + ky * ky) * seconds);
    return (row, column) ->
        5
            * decay
            * Math.sin(
                kx * (column * WIDTH / COLUMNS - U * seconds)
                    + ky * (row * HEIGHT / ROWS - V * seconds));
  }

  private static Size ofWave(double seconds, int fields, double u) {
    DoubleBinaryOperator[] before = new DoubleBinaryOperator[2 + fields];
    before[0] = constant(u);
    before[1] = constant(V);
    for (int j = 0; j < fields; j++) {
      before[2 + j] = wave(-j * seconds);
    }
    Surface torus = Surface.torus(ROWS, COLUMNS, HEIGHT, WIDTH);
    try (StepResidual residual =
        new StepResidual(new AdvectionDiffusion(KAPPA), torus, seconds, fields)) {
      return residual.size(channels(ROWS, COLUMNS, wave(seconds)), channels(ROWS, COLUMNS, before));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 4", "2, 8", "3, 16"})
  void aSolutionLeavesAnErrorThatFallsByTheOrderOfTheIntegration(int fields, double factor) {
    double coarse = ofWave(7200, fields, U).ratio();
    assertThat(coarse).isLessThan(5e-3);
    assertThat(coarse / ofWave(3600, fields, U).ratio()).isCloseTo(factor, within(0.15 * factor));
  }

  @Test
  void aWrongSpeedLeavesItsShareOfTheTendency() {
    // of a wave, the tendency is (u kx + v ky) c_phase; a wind of 1.5 u lacks 0.5 u kx of it
    double kx = 2 * Math.PI * 2 / WIDTH;
    double ky = 2 * Math.PI / HEIGHT;
    double decay = KAPPA * (kx * kx + ky * ky);
    double share = 0.5 * U * kx / Math.hypot(U * kx + V * ky, decay);
    assertThat(ofWave(600, 2, 1.5 * U).ratio()).isCloseTo(share, within(0.01 * share));
  }

  @Test
  void ofTwoFieldsItIsTheSpectralResidualInTheMiddleOfTheStep() {
    double seconds = 5000;
    double x = 2 * Math.PI / COLUMNS;
    double y = 2 * Math.PI / ROWS;
    double strength = 3e6;
    // axes of the expansion: time, x, y; so x runs along the columns here as well
    DoubleBinaryOperator psi = (row, column) -> strength * Math.sin(x * column) * Math.cos(y * row);
    DoubleBinaryOperator u =
        (row, column) -> strength * 2 * Math.PI / HEIGHT * Math.sin(x * column) * Math.sin(y * row);
    DoubleBinaryOperator v =
        (row, column) -> strength * 2 * Math.PI / WIDTH * Math.cos(x * column) * Math.cos(y * row);
    DoubleBinaryOperator now = (row, column) -> Math.cos(2 * x * column + y * row);
    DoubleBinaryOperator later =
        (row, column) -> Math.cos(2 * x * column + y * row - 0.2) + 0.1 * Math.sin(3 * y * row);
    double mine;
    try (StepResidual residual =
        new StepResidual(
            new AdvectionDiffusion(KAPPA),
            Surface.torus(ROWS, COLUMNS, HEIGHT, WIDTH),
            seconds,
            1)) {
      mine =
          residual
              .size(channels(ROWS, COLUMNS, later), channels(ROWS, COLUMNS, u, v, now))
              .residual();
    }
    try (Transforms transforms = new Transforms(DataType.FLOAT64);
        NDManager scope = Devices.newManager()) {
      Basis basis = Basis.of("CFF");
      Expansion c = Expansion.transform(transforms, basis, steps(scope, later, now));
      Expansion flow = Expansion.transform(transforms, basis, steps(scope, psi, psi));
      Expansion all =
          new etesian.operators.spectral.AdvectionDiffusion(
                  seconds, List.of(WIDTH, HEIGHT), KAPPA, flow, null, Product.COLLOCATED)
              .of(c, null);
      NDArray middle = all.coefficients().get("0:1"); // of T_0 in time, the value at its middle
      Expansion residual = Expansion.of(transforms, Basis.of("FF"), middle.squeeze(0));
      double spectral = SpectralLoss.PARSEVAL.of(residual).getDouble();
      assertThat(mine).isCloseTo(spectral, within(1e-5 * spectral)); // my fields are float32
    }
  }

  /** Values at the end and the beginning of a step: shape (2, columns, rows, 1, 1). */
  private static NDArray steps(NDManager scope, DoubleBinaryOperator... later) {
    double[] values = new double[2 * COLUMNS * ROWS];
    for (int i = 0; i < values.length; i++) {
      int cell = i % (COLUMNS * ROWS);
      int column = cell / ROWS;
      values[i] = later[i / (COLUMNS * ROWS)].applyAsDouble(cell % ROWS, column);
    }
    return scope.create(values, new Shape(2, COLUMNS, ROWS, 1, 1));
  }

  /** On the earth, carried round by a solid rotation: an exact solution without diffusion. */
  private static Size onEarth(
      double[] latitudes, int columns, double step, boolean wraps, boolean[] present, double wind) {
    double seconds = 3600;
    double angular = 15 / Surface.RADIUS;
    DoubleBinaryOperator u = (row, column) -> wind * Math.cos(Math.toRadians(latitudes[(int) row]));
    DoubleBinaryOperator[] at = new DoubleBinaryOperator[3];
    for (int j = 0; j < 3; j++) {
      double turned = angular * seconds * (1 - j);
      at[j] =
          (row, column) -> {
            int cell = (int) (row * columns + column);
            double phi = Math.toRadians(latitudes[(int) row]);
            double wave =
                Math.cos(4 * (Math.toRadians(column * step) - turned)) * Math.sin(3 * phi);
            return present[cell] ? 10 * wave : 99; // what stands for a missing cell does not count
          };
    }
    try (StepResidual residual =
        new StepResidual(
            new AdvectionDiffusion(0),
            Surface.sphere(latitudes, step, wraps, present),
            seconds,
            2)) {
      return residual.size(
          channels(latitudes.length, columns, at[0]),
          channels(latitudes.length, columns, u, constant(0), at[1], at[2]));
    }
  }

  @Test
  void aRotationOfTheEarthLeavesNothingOnAGlobeInABoxAndBesideLand() {
    double[] globe = even(33, 80, -5);
    assertThat(onEarth(globe, 72, 5, true, all(33 * 72), 15).ratio()).isLessThan(1e-3);
    assertThat(onEarth(globe, 72, 5, true, all(33 * 72), 20).ratio())
        .as("a wind of another strength: a third of the tendency is missing")
        .isCloseTo(1 / 3.0, within(0.01));
    double[] box = even(21, -20, 1.5);
    assertThat(onEarth(box, 30, 2, false, all(21 * 30), 15).ratio())
        .as("south to north, with edges")
        .isLessThan(1e-3);
    boolean[] land = all(33 * 72);
    Arrays.fill(land, 500, 510, false);
    assertThat(onEarth(globe, 72, 5, true, land, 15).ratio()).isLessThan(0.02);
    double[] gaussian = even(21, 40, -3);
    for (int row = 0; row < gaussian.length; row++) {
      gaussian[row] += 0.3 * Math.sin(row);
    }
    assertThat(onEarth(gaussian, 120, 3, true, all(21 * 120), 15).ratio())
        .as("uneven rows")
        .isLessThan(1e-3);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRossbyHaurwitzWaveObeysTheVorticityEquationAndATurnedOneDoesNot(boolean westwards) {
    int columns = 120;
    double[] latitudes = even(61, 75, -2.5);
    int m = 4;
    int l = 5; // psi ~ cos(m lambda) cos^m phi sin phi, an eigenfunction of the Laplacian
    double speed = 2 * 7.292e-5 / (l * (l + 1)) * (westwards ? -1 : 1);
    double seconds = 3600;
    DoubleBinaryOperator[] psi = new DoubleBinaryOperator[3];
    for (int j = 0; j < 3; j++) {
      double shift = speed * seconds * (1 - j);
      psi[j] =
          (row, column) -> {
            double phi = Math.toRadians(latitudes[(int) row]);
            double lambda = Math.toRadians(3 * column);
            return 1e3
                * Math.cos(m * (lambda - shift))
                * Math.pow(Math.cos(phi), m)
                * Math.sin(phi);
          };
    }
    try (StepResidual residual =
        new StepResidual(
            new BarotropicVorticity(1e4, 0), // a height in metres, times about g / f0
            Surface.sphere(latitudes, 3, true, all(61 * columns)),
            seconds,
            2)) {
      double ratio =
          residual
              .size(
                  channels(61, columns, psi[0]),
                  channels(61, columns, constant(0), constant(0), psi[1], psi[2]))
              .ratio();
      if (westwards) {
        assertThat(ratio).isLessThan(0.02);
      } else {
        assertThat(ratio).isCloseTo(2, within(0.1)); // the wrong way round: twice the tendency
      }
    }
  }

  @Test
  void weightsOfTheDifferencesAreThoseOfTheTables() {
    double[] even = {-2, -1, 0, 1, 2};
    assertThat(Differences.weights(even, 1))
        .containsExactly(new double[] {1 / 12., -8 / 12., 0, 8 / 12., -1 / 12.}, within(1e-15));
    assertThat(Differences.weights(even, 2))
        .containsExactly(
            new double[] {-1 / 12., 16 / 12., -30 / 12., 16 / 12., -1 / 12.}, within(1e-15));
    double[] uneven = {-3, -1.5, 0, 0.5, 2};
    double slope = 0;
    double curvature = 0;
    for (int i = 0; i < uneven.length; i++) { // of x^4 - 2 x^2 + 3 x at 0
      double value = Math.pow(uneven[i], 4) - 2 * uneven[i] * uneven[i] + 3 * uneven[i];
      slope += Differences.weights(uneven, 1)[i] * value;
      curvature += Differences.weights(uneven, 2)[i] * value;
    }
    assertThat(slope).isCloseTo(3, within(1e-12));
    assertThat(curvature).isCloseTo(-4, within(1e-12));
  }

  @Test
  void gridsAndStepsThatTellNothingAreRefused() {
    assertThatThrownBy(() -> Surface.sphere(even(4, 10, -1), 1, false, all(40)))
        .hasMessageContaining("4 x 10")
        .hasMessageContaining("at least 5");
    assertThatThrownBy(
            () -> {
              Surface caps = Surface.sphere(even(6, 90, -1), 3, true, all(6 * 120));
              new StepResidual(new AdvectionDiffusion(0), caps, 60, 1).close();
            })
        .hasMessageContaining("within 80 degrees");
    Surface torus = Surface.torus(4, 4, 1, 1);
    assertThatThrownBy(() -> new StepResidual(new AdvectionDiffusion(0), torus, 0, 1).close())
        .hasMessageContaining("expected above 0 s");
    assertThatThrownBy(() -> new StepResidual(new AdvectionDiffusion(0), torus, 1, 4).close())
        .hasMessageContaining("1 to 3 fields");
    assertThatThrownBy(() -> new AdvectionDiffusion(-1)).hasMessageContaining("at least 0");
  }

  private static double[] even(int rows, double first, double step) {
    double[] latitudes = new double[rows];
    Arrays.setAll(latitudes, row -> first + row * step);
    return latitudes;
  }

  private static boolean[] all(int cells) {
    boolean[] present = new boolean[cells];
    Arrays.fill(present, true);
    return present;
  }
}
