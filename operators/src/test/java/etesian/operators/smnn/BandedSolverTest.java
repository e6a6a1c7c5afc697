package etesian.operators.smnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import etesian.operators.smnn.LinearOde.Penalties;
import java.util.Arrays;
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
      @ForAll @IntRange(min = 2, max = 4) int orders,
      @ForAll boolean central,
      @ForAll @IntRange(max = 127) int shared,
      @ForAll long seed) {
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
    int batch = BandedSolver.BLOCK + 3;
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
  void aNotANumberIsReportedInsteadOfSpread() {
    LinearOde ode = RandomOdes.of(new RandomOdes.Shape(3, 6, 2, 2, 3, true, 0), 5);
    ode.coefficients().values()[2 * 6 * 12 + 4 * 12] = Double.NaN; // element 2, point 4
    assertThatThrownBy(() -> BandedSolver.solve(ode))
        .isInstanceOf(IllConditioned.class)
        .hasMessageContaining("batch element 2, step 4");
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
