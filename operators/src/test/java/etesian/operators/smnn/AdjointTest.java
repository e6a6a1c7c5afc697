package etesian.operators.smnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AdjointTest {

  @Property(tries = 60)
  void gradientsAreTheSlopesOfTheSolution(
      @ForAll @IntRange(min = 2, max = 4) int orders,
      @ForAll @IntRange(min = 1, max = 2) int variables,
      @ForAll boolean central,
      @ForAll @IntRange(max = 127) int shared,
      @ForAll long seed) {
    LinearOde ode =
        RandomOdes.of(
            new RandomOdes.Shape(2, 5, variables, variables, orders, central, shared), seed);
    BandedSolver.Solved solved = BandedSolver.solveAndKeep(ode);
    DoubleTensor cotangent = RandomOdes.normal(new Random(seed + 1), solved.values().shape());
    Adjoint.Gradients gradients = Adjoint.of(solved, cotangent);
    Random random = new Random(seed + 2);
    assertSlope(ode, cotangent, ode.coefficients(), gradients.coefficients(), random);
    assertSlope(ode, cotangent, ode.rhs(), gradients.rhs(), random);
    assertSlope(ode, cotangent, ode.initial(), gradients.initial(), random);
    assertSlope(ode, cotangent, ode.steps(), gradients.steps(), random);
  }

  @Test
  void aCotangentThatIsNotFiniteIsRefusedByIndex() {
    LinearOde ode = RandomOdes.of(new RandomOdes.Shape(2, 5, 1, 1, 2, false, 0), 1);
    BandedSolver.Solved solved = BandedSolver.solveAndKeep(ode);
    DoubleTensor cotangent = DoubleTensor.zeros(solved.values().shape());
    cotangent.values()[13] = Double.NaN;
    assertThatThrownBy(() -> Adjoint.of(solved, cotangent))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cotangent: NaN at [1, 1, 0, 1]");
  }

  /** An element is alone in a block of lanes, or one of many. */
  @Property(tries = 12)
  void gradientsOfABatchAreThoseOfItsElements(
      @ForAll boolean central, @ForAll @IntRange(max = 7) int sharedInTime, @ForAll long seed) {
    int shared = sharedInTime << 4;
    LinearOde many = RandomOdes.of(new RandomOdes.Shape(11, 6, 2, 2, 3, central, shared), seed);
    DoubleTensor cotangent = RandomOdes.normal(new Random(seed), 11, 6, 2, 3);
    Adjoint.Gradients all = Adjoint.of(BandedSolver.solveAndKeep(many), cotangent);
    LinearOde one =
        new LinearOde(
            last(many.coefficients()),
            last(many.rhs()),
            last(many.initial()),
            last(many.steps()),
            6,
            many.penalties(),
            central);
    Adjoint.Gradients alone = Adjoint.of(BandedSolver.solveAndKeep(one), last(cotangent));
    assertNear(last(all.coefficients()), alone.coefficients());
    assertNear(last(all.rhs()), alone.rhs());
    assertNear(last(all.initial()), alone.initial());
    assertNear(last(all.steps()), alone.steps());
  }

  private static DoubleTensor last(DoubleTensor batch) {
    int size = batch.values().length / batch.shape()[0];
    int[] shape = batch.shape().clone();
    shape[0] = 1;
    double[] values = batch.values();
    return new DoubleTensor(Arrays.copyOfRange(values, values.length - size, values.length), shape);
  }

  private static void assertNear(DoubleTensor actual, DoubleTensor expected) {
    double scale = Arrays.stream(expected.values()).map(Math::abs).max().orElseThrow();
    assertThat(actual.values()).containsExactly(expected.values(), within(1e-8 * (1 + scale)));
  }

  /** Moves an input along a random direction, both ways. */
  private static void assertSlope(
      LinearOde ode,
      DoubleTensor cotangent,
      DoubleTensor input,
      DoubleTensor gradient,
      Random random) {
    assertThat(gradient.shape()).containsExactly(input.shape());
    double[] values = input.values();
    double[] start = values.clone();
    double[] direction = random.doubles(values.length, -1, 1).toArray();
    double delta = 1e-5;
    double[] along = new double[2];
    for (int side = 0; side < 2; side++) {
      for (int i = 0; i < values.length; i++) {
        values[i] = start[i] + (side == 0 ? delta : -delta) * direction[i];
      }
      along[side] = dot(cotangent.values(), BandedSolver.solve(ode).values());
    }
    System.arraycopy(start, 0, values, 0, start.length);
    double size = Math.sqrt(dot(gradient.values(), gradient.values()));
    assertThat(dot(gradient.values(), direction))
        .isCloseTo((along[0] - along[1]) / (2 * delta), within(1e-5 * (1 + size)));
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
