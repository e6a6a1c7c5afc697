package etesian.operators.physics;

import static etesian.operators.physics.Waves.channels;
import static etesian.operators.physics.Waves.constant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import etesian.operators.Devices;
import etesian.operators.Tensor;
import etesian.operators.m2no.M2no;
import etesian.operators.m2no.M2noSettings;
import etesian.operators.physics.Equation.AdvectionDiffusion;
import etesian.operators.training.FineTuneResult;
import etesian.operators.training.FineTuneSettings;
import etesian.operators.training.FineTuner;
import etesian.operators.training.HeldBack;
import etesian.operators.training.Loss;
import etesian.operators.training.LossTerm;
import etesian.operators.training.Samples;
import etesian.operators.training.TuneScope;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Waves on a torus that a wind carries three tenths of a cell a step. */
class PhysicsTermTest {
  private static final int N = 16;
  private static final double SPEED = 0.3;
  private static final float DEVIATION = 2.5f;
  private static StepResidual residual;

  @BeforeAll
  static void start() {
    Devices.setThreads(1);
    Surface torus = Surface.torus(N, N, N, N);
    residual = new StepResidual(new AdvectionDiffusion(0), torus, 1, 1);
  }

  @AfterAll
  static void end() {
    residual.close();
  }

  private static DoubleBinaryOperator wave(double step) {
    return (row, column) ->
        4 * Math.sin(2 * Math.PI / N * (column - SPEED * step))
            + Math.cos(2 * Math.PI / N * (2 * row + column - SPEED * step));
  }

  private static DoubleBinaryOperator standard(double step) {
    return (row, column) -> wave(step).applyAsDouble(row, column) / DEVIATION;
  }

  private static Samples windows(double speed) {
    return new Samples(
        channels(N, N, standard(0)),
        channels(N, N, constant(speed), constant(0), wave(0), constant(0)));
  }

  private static PhysicsTerm term(double speed, double floor) {
    float[] deviations = new float[N * N];
    Arrays.fill(deviations, DEVIATION);
    StepResidual.Size observed = residual.size(channels(N, N, wave(1)), windows(SPEED).target());
    return new PhysicsTerm(
        0.5, residual, windows(speed), 0, deviations, floor, observed.tendency());
  }

  private static double value(PhysicsTerm term, Tensor prediction) {
    return Devices.withoutGradients(
        () -> {
          try (NDManager scope = Devices.newManager()) {
            NDArray y = Devices.place(scope, prediction);
            return term.of(scope, y, term.windows().orElseThrow()).getDouble();
          }
        });
  }

  @Test
  void theNextFieldOfASolutionCostsNothingAndStandingStillCostsOne() {
    try (PhysicsTerm term = term(SPEED, 0)) {
      assertThat(value(term, channels(N, N, standard(1)))).isLessThan(1e-4);
      assertThat(value(term, channels(N, N, standard(0)))).isCloseTo(1, within(0.02));
    }
    try (PhysicsTerm wrong = term(-SPEED, 0)) {
      assertThat(value(wrong, channels(N, N, standard(1))))
          .as("against the wind: twice the tendency, squared")
          .isCloseTo(4, within(0.1));
    }
  }

  @Test
  void itsGradientIsThatOfDifferences() {
    try (PhysicsTerm term = term(SPEED, 0);
        NDManager scope = Devices.newManager()) {
      Tensor at = channels(N, N, (row, column) -> Math.sin(row * column) + 0.1 * column);
      NDArray y = Devices.place(scope, at);
      y.setRequiresGradient(true);
      Devices.differentiate(() -> term.of(scope, y, term.windows().orElseThrow()));
      float[] gradient = Devices.read(y.getGradient()).values();
      for (int cell : new int[] {0, 17, 100, 255}) {
        float[] up = at.values().clone();
        float[] down = at.values().clone();
        up[cell] += 0.01f;
        down[cell] -= 0.01f;
        double slope =
            (value(term, new Tensor(up, at.shape())) - value(term, new Tensor(down, at.shape())))
                / (up[cell] - down[cell]);
        assertThat((double) gradient[cell]).isCloseTo(slope, within(1e-3 * Math.abs(slope) + 1e-5));
      }
    }
  }

  @Test
  void whatObservationsDoNotObeyIsNotTaught() {
    double floor = residual.size(channels(N, N, wave(1)), windows(-SPEED).target()).residual();
    try (PhysicsTerm wrong = term(-SPEED, floor * 1.0001)) {
      assertThat(value(wrong, channels(N, N, standard(1)))).as("the truth").isZero();
      assertThat(value(wrong, channels(N, N, standard(0)))).as("nearer to the equation").isZero();
      assertThat(value(wrong, channels(N, N, standard(3)))).as("much worse").isPositive();
    }
  }

  @Test
  void anOperatorLearnsTheEquationFromWindowsWithoutTargets() {
    Samples pair = new Samples(channels(N, N, standard(0)), channels(N, N, standard(1)));
    HeldBack heldBack = new HeldBack(pair, Loss.uniform(Loss.Measure.MSE, N, N));
    try (PhysicsTerm term = term(SPEED, 0);
        M2no operator = M2no.create(M2noSettings.forGrid(1, 1, N, N, true).withResidual(true), 3)) {
      FineTuneSettings settings =
          new FineTuneSettings(new TuneScope.All(), 60, Duration.ofMinutes(1), 2, 1e-2, 1, 0, 1);
      double before = heldBack.of(operator);
      FineTuneResult result =
          new FineTuner(settings, List.<LossTerm>of(term))
              .tune(operator, pair, Optional.empty(), 100, state -> {});
      assertThat(result.last().get(PhysicsTerm.NAME))
          .isLessThan(0.3 * result.first().get(PhysicsTerm.NAME));
      assertThat(heldBack.of(operator)).isLessThan(0.5 * before);
    }
  }

  @Test
  void anUpdateIsDroppedThatRaisedTheLossOrMadeItNoNumber() {
    assertThat(HeldBack.raised(1, 1)).isFalse();
    assertThat(HeldBack.raised(1, 0.9)).isFalse();
    assertThat(HeldBack.raised(1, 1.1)).isTrue();
    assertThat(HeldBack.raised(1, Double.NaN)).isTrue();
  }

  @Test
  void termsThatDoNotFitAreRefused() {
    assertThatThrownBy(
            () -> new PhysicsTerm(1, residual, windows(1), 0, new float[3], 0, 1).close())
        .hasMessageContaining("3 deviations")
        .hasMessageContaining("a deviation for each cell");
    assertThatThrownBy(
            () -> new PhysicsTerm(0, residual, windows(1), 0, new float[N * N], 0, 1).close())
        .hasMessageContaining("weight 0.0");
  }
}
