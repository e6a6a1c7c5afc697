package etesian.operators.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import etesian.operators.GrowingOperator;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The rules of growth, on an operator of which only its shells are known. */
class GrowerTest {
  private static final Growth NINE_TENTHS = new Growth.GradientEnergy(0.9, 1);

  /** Rows: 3 of 4 inside. Columns: 95 of 100 inside. */
  @Test
  void anAxisGrowsWhoseInsideExplainsTooLittle() {
    Shells operator = new Shells(List.of(5, 5), new double[] {1, 3}, new double[] {5, 5, 90});
    Grower grower = new Grower(NINE_TENTHS, operator);
    grower.look();
    grower.afterEpoch(1, 1);
    assertThat(operator.grown()).containsExactly(1, 0);
  }

  @Test
  void ofTwoShellsAtTheEdgeNeitherIsInside() {
    Shells operator = new Shells(List.of(5, 5), new double[] {1, 3}, new double[] {5, 6, 89});
    Grower grower = new Grower(new Growth.GradientEnergy(0.9, 2), operator);
    grower.look();
    grower.afterEpoch(1, 1);
    assertThat(operator.grown()).containsExactly(1, 1);
  }

  /** Neither step alone is typical: (9, 1) would grow, (0, 90) would not. */
  @Test
  void theStepsOfAnEpochCountTogetherAndThoseOfTheLastNoMore() {
    Shells operator = new Shells(List.of(5), new double[] {9, 1});
    Grower grower = new Grower(NINE_TENTHS, operator);
    grower.look();
    operator.shows(new double[] {0, 90});
    grower.look();
    assertThat(grower.energy().get(0)).containsExactly(9, 91);
    grower.afterEpoch(1, 1);
    assertThat(operator.grown()).containsExactly(0);
    operator.shows(new double[] {2, 8});
    grower.look();
    grower.afterEpoch(1, 1);
    assertThat(operator.grown()).containsExactly(1);
  }

  @Test
  void anAxisThatHasNoMoreOrNothingToSayStays() {
    Shells operator =
        new Shells(List.of(0, 5, 5), new double[] {9, 1}, new double[0], new double[2]);
    Grower grower = new Grower(NINE_TENTHS, operator);
    grower.look();
    grower.afterEpoch(1, 1);
    assertThat(operator.grown()).containsExactly(0, 0, 0);
  }

  @Test
  void aLossThatStandsStillGrowsAllAxes() {
    Shells operator = new Shells(List.of(1, 5));
    Grower grower = new Grower(new Growth.LossGap(0.1), operator);
    grower.afterEpoch(1, Double.NaN);
    grower.afterEpoch(0.8, 1);
    assertThat(operator.grown()).containsExactly(0, 0);
    grower.afterEpoch(0.75, 0.8);
    grower.afterEpoch(0.75, 0.75);
    assertThat(operator.grown()).containsExactly(1, 2);
    assertThat(grower.energy()).as("not asked for").isEmpty();
  }

  @Test
  void oneStageForAllAxesGoesAsFarAsEachCan() {
    Shells operator = new Shells(List.of(1, 5));
    new Grower(new Growth.Never(), operator).growTo(List.of(3));
    assertThat(operator.grown()).containsExactly(1, 3);
  }

  @Property(tries = 100)
  void onlyTheShapeOfTheEnergyMattersAndLessExplainedIsAskedForLessOften(
      @ForAll @Size(min = 1, max = 6) List<@DoubleRange(min = 0, max = 100) Double> energies,
      @ForAll @DoubleRange(min = 0, max = 1) double explained,
      @ForAll @IntRange(min = 1, max = 3) int edge) {
    double[] shells = energies.stream().mapToDouble(e -> e).toArray();
    double[] scaled = shells.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= 1024; // exact
    }
    boolean grows = grows(explained, edge, shells);
    assertThat(grows(explained, edge, scaled)).isEqualTo(grows);
    if (grows) {
      assertThat(grows(Math.nextUp(explained), edge, shells)).isTrue();
      assertThat(grows(explained, edge + 1, shells)).isTrue();
    }
    assertThat(grows(0, edge, shells)).isFalse();
  }

  private static boolean grows(double explained, int edge, double[] shells) {
    Shells operator = new Shells(List.of(1), shells);
    Grower grower = new Grower(new Growth.GradientEnergy(Math.min(1, explained), edge), operator);
    grower.look();
    grower.afterEpoch(1, 1);
    return operator.grown().equals(List.of(1));
  }

  @Test
  void rulesThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> new Growth.LossGap(-0.1)).hasMessageContaining("stall is -0.1");
    assertThatThrownBy(() -> new Growth.GradientEnergy(1.1, 1))
        .hasMessageContaining("explained is 1.1");
    assertThatThrownBy(() -> new Growth.GradientEnergy(0.9, 0)).hasMessageContaining("edge is 0");
  }

  /** Has no map. */
  private static final class Shells implements GrowingOperator {
    private final List<Integer> most;
    private List<double[]> energy;
    private List<Integer> grown;

    Shells(List<Integer> most, double[]... energy) {
      this.most = most;
      grown = most.stream().map(axis -> 0).toList();
      shows(energy);
    }

    void shows(double[]... now) {
      energy = List.of(now);
    }

    @Override
    public List<Integer> grown() {
      return grown;
    }

    @Override
    public List<Integer> mostGrown() {
      return most;
    }

    @Override
    public void growTo(List<Integer> stages) {
      grown = stages;
    }

    @Override
    public List<double[]> gradientEnergy() {
      return energy;
    }

    @Override
    public Map<String, NDArray> parameters() {
      return Map.of();
    }

    @Override
    public List<String> head() {
      throw new UnsupportedOperationException();
    }

    @Override
    public NDArray forward(NDManager scope, Tensor input) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Tensor apply(Tensor input) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int inputChannels() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int outputChannels() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Weights weights() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
