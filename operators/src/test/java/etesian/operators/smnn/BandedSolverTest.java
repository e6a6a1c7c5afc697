package etesian.operators.smnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import etesian.operators.smnn.LinearOde.Penalties;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BandedSolverTest {

  /** u0^2 + (u1 - 3)^2 + 2 (u0 - u1)^2 is least where 3 u0 = 2 u1 and 3 u1 = 2 u0 + 3. */
  @Test
  void twoPointsOfOneUnknownAreSolvedAsByHand() {
    LinearOde ode =
        new LinearOde(
            new DoubleTensor(new double[] {1}, 1, 1, 1, 1),
            new DoubleTensor(new double[] {0, 3}, 2, 1),
            DoubleTensor.zeros(0, 1, 1),
            new DoubleTensor(new double[] {1}, 1),
            2,
            Penalties.ONES,
            false);
    DoubleTensor u = BandedSolver.solve(ode);
    assertThat(u.shape()).containsExactly(2, 1, 1);
    assertThat(u.values()).containsExactly(new double[] {1.2, 1.8}, within(1e-15));
  }

  @Property(tries = 150)
  void theBandedSolutionIsTheDenseOne(
      @ForAll @IntRange(min = 1, max = 3) int batch,
      @ForAll @IntRange(min = 3, max = 8) int points,
      @ForAll @IntRange(min = 1, max = 3) int equations,
      @ForAll @IntRange(min = 1, max = 3) int variables,
      @ForAll @IntRange(min = 1, max = 4) int orders,
      @ForAll boolean tiesOverTwoGaps,
      @ForAll @IntRange(max = 127) int shared,
      @ForAll long seed) {
    boolean central = tiesOverTwoGaps && orders > 1;
    LinearOde ode =
        RandomOdes.of(
            new RandomOdes.Shape(batch, points, equations, variables, orders, central, shared),
            seed);
    double[] u = BandedSolver.solve(ode).values();
    int size = points * variables * orders;
    for (int b = 0; b < ode.batch(); b++) {
      double[] dense = DenseReference.solve(ode, b);
      double scale = Arrays.stream(dense).map(Math::abs).max().orElseThrow();
      assertThat(Arrays.copyOfRange(u, b * size, (b + 1) * size))
          .containsExactly(dense, within(1e-8 * scale));
    }
  }

  @Property(tries = 10)
  void aBatchBeyondOneBlockOfLanesIsSolvedLikeItsElements(
      @ForAll boolean central, @ForAll @IntRange(max = 15) int shared, @ForAll long seed) {
    int batch = Blocks.MOST + 3;
    LinearOde ode = RandomOdes.of(new RandomOdes.Shape(batch, 5, 2, 2, 3, central, shared), seed);
    double[] u = BandedSolver.solve(ode).values();
    int last = ode.batch() - 1;
    double[] dense = DenseReference.solve(ode, last);
    assertThat(Arrays.copyOfRange(u, last * dense.length, (last + 1) * dense.length))
        .containsExactly(dense, within(1e-9));
  }

  /** Without equations and initial values any constant is a solution. */
  @Test
  void aSingularElementIsNamedWithItsStep() {
    DoubleTensor coefficients = DoubleTensor.zeros(2, 4, 1, 1, 2);
    coefficients.values()[0] = 1; // only element 0 is anchored
    LinearOde ode =
        new LinearOde(
            coefficients,
            DoubleTensor.zeros(2, 4, 1),
            DoubleTensor.zeros(2, 0, 1, 1),
            new DoubleTensor(new double[] {1}, 1, 1),
            4,
            Penalties.ONES,
            false);
    assertThatThrownBy(() -> BandedSolver.solve(ode))
        .isInstanceOfSatisfying(
            IllConditioned.class,
            e -> {
              assertThat(e.batchElement()).isEqualTo(1);
              assertThat(e.step()).isEqualTo(3);
            })
        .hasMessageContaining("batch element 1, step 3");
  }

  @Test
  void anInputThatIsNotFiniteIsRefusedByNameAndIndex() {
    for (boolean central : new boolean[] {false, true}) {
      LinearOde ode = RandomOdes.of(new RandomOdes.Shape(3, 6, 2, 2, 3, central, 0), 5);
      assertRefused(ode, ode.coefficients(), Double.NaN, "coefficients: NaN at [1, ");
      assertRefused(ode, ode.rhs(), Double.POSITIVE_INFINITY, "rhs: Infinity at [1, ");
      assertRefused(ode, ode.initial(), Double.NaN, "initial: NaN at [1, ");
      assertRefused(ode, ode.steps(), Double.POSITIVE_INFINITY, "steps: Infinity at [1, ");
    }
  }

  /** Puts a value into the middle of an input of three elements. */
  private static void assertRefused(
      LinearOde ode, DoubleTensor input, double value, String message) {
    int at = input.values().length / 2;
    double before = input.values()[at];
    input.values()[at] = value;
    assertThatThrownBy(() -> BandedSolver.solve(ode))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
    input.values()[at] = before;
  }

  @Test
  void aSolutionThatOverflowsIsReported() {
    LinearOde ode = RandomOdes.of(new RandomOdes.Shape(3, 6, 2, 2, 3, false, 0), 5);
    ode.rhs().values()[ode.rhs().values().length / 2] = 1e308;
    ode.coefficients().values()[ode.coefficients().values().length / 2] = 1e150;
    assertThatThrownBy(() -> BandedSolver.solve(ode))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("batch element 1");
  }

  @Property(tries = 20)
  void threadsDoNotChangeABit(
      @ForAll boolean central, @ForAll @IntRange(max = 127) int shared, @ForAll long seed) {
    int batch = 2 * Blocks.MOST + 5;
    LinearOde ode = RandomOdes.of(new RandomOdes.Shape(batch, 4, 2, 1, 3, central, shared), seed);
    BandedSolver.Solved one = BandedSolver.solveAndKeep(ode, 1);
    BandedSolver.Solved three = BandedSolver.solveAndKeep(ode, 3);
    assertThat(three.values()).isEqualTo(one.values());
    DoubleTensor cotangent = RandomOdes.normal(new Random(seed), one.values().shape());
    assertThat(Adjoint.of(three, cotangent, 3)).isEqualTo(Adjoint.of(one, cotangent, 1));
  }

  @Test
  void theFirstSingularElementIsNamedOnAnyNumberOfThreads() {
    int batch = 3 * Blocks.MOST;
    DoubleTensor coefficients = DoubleTensor.zeros(batch, 1, 1, 1, 2);
    Arrays.fill(coefficients.values(), 0, 2 * Blocks.MOST - 2, 1); // the others float
    LinearOde ode =
        new LinearOde(
            coefficients,
            DoubleTensor.zeros(batch, 1, 1),
            DoubleTensor.zeros(batch, 0, 1, 1),
            new DoubleTensor(new double[] {1}, 1, 1),
            4,
            Penalties.ONES,
            false);
    for (int threads = 1; threads <= 3; threads++) {
      int t = threads;
      assertThatThrownBy(() -> BandedSolver.solve(ode, t))
          .isInstanceOf(IllConditioned.class)
          .hasMessageContaining("batch element " + (Blocks.MOST - 1) + ", step 3");
    }
  }

  @Property(tries = 40)
  void aFrozenLeftSideSolvesAnotherRightSideLikeAFreshOne(
      @ForAll @IntRange(min = 1, max = 3) int batch,
      @ForAll boolean central,
      @ForAll @IntRange(max = 127) int shared,
      @ForAll long seed) {
    RandomOdes.Shape shape = new RandomOdes.Shape(batch, 6, 2, 2, 3, central, shared);
    LinearOde first = RandomOdes.of(shape, seed);
    LinearOde other = RandomOdes.of(shape, seed + 1);
    LinearOde both = first.withRightSide(other.rhs(), other.initial());
    BandedSolver.Solved again =
        BandedSolver.solveAndKeep(first).again(other.rhs(), other.initial());
    BandedSolver.Solved fresh = BandedSolver.solveAndKeep(both);
    assertThat(again.values().values()).containsExactly(fresh.values().values(), within(1e-9));
    DoubleTensor cotangent = RandomOdes.normal(new Random(seed), fresh.values().shape());
    Adjoint.RightSideGradients part = Adjoint.ofRightSide(again, cotangent);
    Adjoint.Gradients whole = Adjoint.of(fresh, cotangent);
    assertThat(part.rhs().values()).containsExactly(whole.rhs().values(), within(1e-9));
    assertThat(part.initial().values()).containsExactly(whole.initial().values(), within(1e-9));
    assertThat(Adjoint.of(again, cotangent).coefficients().values())
        .containsExactly(whole.coefficients().values(), within(1e-8));
  }

  @Test
  void aSharedFrozenLeftSideServesABatchOfAnotherSize() {
    LinearOde one = RandomOdes.of(new RandomOdes.Shape(1, 6, 2, 2, 3, false, 0), 3);
    LinearOde many = RandomOdes.of(new RandomOdes.Shape(Blocks.MOST + 2, 6, 2, 2, 3, false, 9), 4);
    DoubleTensor again = BandedSolver.solveAndKeep(one).again(many.rhs(), many.initial()).values();
    DoubleTensor fresh = BandedSolver.solve(one.withRightSide(many.rhs(), many.initial()));
    assertThat(again.values()).containsExactly(fresh.values(), within(1e-9));
  }

  @Test
  void anotherBatchForLeftSidesOfTheirOwnIsRefused() {
    LinearOde ode = RandomOdes.of(new RandomOdes.Shape(2, 4, 1, 1, 2, false, 0), 3);
    BandedSolver.Solved solved = BandedSolver.solveAndKeep(ode);
    assertThatThrownBy(
            () -> solved.again(DoubleTensor.zeros(3, 4, 1), DoubleTensor.zeros(1, 2, 1, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("batch axis 0");
    assertThatThrownBy(() -> solved.again(ode.rhs(), DoubleTensor.zeros(1, 1, 1, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("part of the left side");
  }

  @Test
  void shapesThatDoNotFitAreRefusedByName() {
    assertThatThrownBy(
            () ->
                new LinearOde(
                    DoubleTensor.zeros(4, 2, 1, 2),
                    DoubleTensor.zeros(4, 3),
                    DoubleTensor.zeros(1, 1, 1),
                    new DoubleTensor(new double[] {1}, 1),
                    4,
                    Penalties.ONES,
                    false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rhs DoubleTensor[4, 3]")
        .hasMessageContaining("number of equations");
  }
}
