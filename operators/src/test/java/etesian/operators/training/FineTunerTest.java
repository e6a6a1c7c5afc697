package etesian.operators.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import etesian.operators.Devices;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.operators.WeightsException;
import etesian.operators.m2no.M2no;
import etesian.operators.m2no.M2noSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An operator of random weights is tuned to waves that move. */
class FineTunerTest {
  private static final Samples PAIRS = Waves.samples(40, 1);
  private static final Consumer<Weights> NOBODY = state -> {};
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @BeforeAll
  static void oneThread() {
    Devices.setThreads(1);
  }

  @Test
  void allWeightsLearnAndTheResultIsTheOperator() {
    try (M2no operator = operator()) {
      FineTuneResult result = tune(operator, settings(new TuneScope.All(), 30, 0), PAIRS);
      assertThat(result.ending()).isEqualTo(Ending.ALL_STEPS);
      assertThat(result.steps()).isEqualTo(30);
      assertThat(result.last().get("data")).isLessThan(0.8 * result.first().get("data"));
      assertThat(result.first().get("total")).isEqualTo(result.first().get("data"));
      assertThat(result.largestGradient()).isPositive();
      assertThat(result.weights().tensors()).isEqualTo(operator.weights().tensors());
    }
  }

  @Test
  void onlyTheNamedLayersChange() {
    try (M2no operator = operator()) {
      Map<String, Tensor> before = operator.weights().tensors();
      TuneScope last = new TuneScope.Named(List.of("output_proj."));
      Map<String, Tensor> after = tune(operator, settings(last, 5, 0), PAIRS).weights().tensors();
      after.forEach(
          (name, tensor) ->
              assertThat(tensor.equals(before.get(name)))
                  .as(name)
                  .isEqualTo(!name.startsWith("output_proj.")));
    }
  }

  @Test
  void aLowRankUpdateHasThatRankAndLeavesVectorsAlone() {
    try (M2no operator = operator()) {
      Map<String, Tensor> before = operator.weights().tensors();
      FineTuneResult result = tune(operator, settings(new TuneScope.LowRank(1), 30, 0), PAIRS);
      assertThat(result.last().get("data")).isLessThan(0.95 * result.first().get("data"));
      result
          .weights()
          .tensors()
          .forEach(
              (name, tensor) -> {
                if (tensor.shape().length < 2) {
                  assertThat(tensor).as(name).isEqualTo(before.get(name));
                } else {
                  assertThat(isOfRankOne(difference(tensor, before.get(name)), tensor.shape()[0]))
                      .as(name)
                      .isTrue();
                }
              });
    }
  }

  @Test
  void thePullKeepsTheWeightsNearTheirStart() {
    assertThat(distanceAfter(100)).isLessThan(0.5 * distanceAfter(0));
  }

  private static double distanceAfter(double l2sp) {
    try (M2no operator = operator()) {
      Map<String, Tensor> before = operator.weights().tensors();
      FineTuneResult result = tune(operator, settings(new TuneScope.All(), 30, l2sp), PAIRS);
      double sum = 0;
      for (Map.Entry<String, Tensor> entry : result.weights().tensors().entrySet()) {
        for (float d : difference(entry.getValue(), before.get(entry.getKey()))) {
          sum += d * d;
        }
      }
      if (l2sp > 0) {
        assertThat(result.first().get("l2_sp")).isZero();
        assertThat(result.last().get("l2_sp")).isPositive();
      }
      return Math.sqrt(sum);
    }
  }

  @Test
  void aRunGoesOnFromItsStateToTheBit() {
    for (TuneScope scope : List.of(new TuneScope.All(), new TuneScope.LowRank(2))) {
      FineTuneSettings twelve = settings(scope, 12, 0.1);
      List<Weights> kept = new ArrayList<>();
      Weights whole;
      try (M2no operator = operator();
          LossTerm term = term()) {
        whole =
            new FineTuner(twelve, List.of(term))
                .tune(operator, PAIRS, Optional.empty(), 5, kept::add)
                .weights();
      }
      assertThat(kept).hasSize(2);
      try (M2no operator = operator();
          LossTerm term = term()) {
        FineTuneResult rest =
            new FineTuner(twelve, List.of(term))
                .tune(operator, PAIRS, Optional.of(kept.get(1)), 5, NOBODY);
        assertThat(rest.steps()).isEqualTo(12);
        assertThat(rest.weights().tensors()).isEqualTo(whole.tensors());
      }
    }
  }

  @Test
  void aStateOfAnotherStartIsRefused() {
    try (M2no operator = operator();
        M2no other = M2no.create(architecture(), 8);
        LossTerm term = term()) {
      FineTuner tuner = new FineTuner(settings(new TuneScope.All(), 1, 0), List.of(term));
      Weights state = tuner.tune(operator, PAIRS, Optional.empty(), 1, NOBODY).state();
      assertThatThrownBy(() -> tuner.tune(other, PAIRS, Optional.of(state), 1, NOBODY))
          .isInstanceOf(WeightsException.class)
          .hasMessageContaining("anchor");
    }
  }

  @Test
  void afterALossThatIsNotANumberTheWeightsAreThoseOfTheStart() {
    LossTerm bad = new Fixed("bad", 1, Float.NaN);
    try (M2no operator = operator();
        LossTerm term = term()) {
      Map<String, Tensor> before = operator.weights().tensors();
      FineTuneResult result =
          new FineTuner(settings(new TuneScope.All(), 9, 0), List.of(term, bad))
              .tune(operator, PAIRS, Optional.empty(), 1, NOBODY);
      assertThat(result.ending()).isEqualTo(Ending.DIVERGED);
      assertThat(result.last().get("bad")).isNaN();
      assertThat(result.last().get("data")).isFinite();
      assertThat(operator.weights().tensors()).isEqualTo(before);
    }
  }

  @Test
  void anInfiniteInputDivergesAndHarmsNothing() {
    float[] values = PAIRS.input().values().clone();
    Arrays.fill(values, 1e38f);
    Samples exploding = new Samples(new Tensor(values, PAIRS.input().shape()), PAIRS.target());
    try (M2no operator = operator()) {
      Map<String, Tensor> before = operator.weights().tensors();
      FineTuneResult result = tune(operator, settings(new TuneScope.All(), 9, 0), exploding);
      assertThat(result.ending()).isEqualTo(Ending.DIVERGED);
      assertThat(operator.weights().tensors()).isEqualTo(before);
    }
  }

  @Test
  void termsAreSummedByTheirWeights() {
    try (M2no operator = operator();
        LossTerm term = term()) {
      FineTuneResult result =
          new FineTuner(
                  settings(new TuneScope.All(), 1, 0), List.of(term, new Fixed("law", 3, 0.5f)))
              .tune(operator, PAIRS, Optional.empty(), 1, NOBODY);
      assertThat(result.first().get("law")).isEqualTo(0.5);
      assertThat(result.first().get("total"))
          .isCloseTo(result.first().get("data") + 1.5, within(1e-5));
    }
  }

  /** A term that does not depend on the parameters. */
  private record Fixed(String name, double weight, float value) implements LossTerm {
    @Override
    public NDArray of(NDManager scope, NDArray prediction, Samples batch) {
      return scope.create(value);
    }
  }

  private static FineTuneResult tune(M2no operator, FineTuneSettings settings, Samples pairs) {
    try (LossTerm term = term()) {
      return new FineTuner(settings, List.of(term))
          .tune(operator, pairs, Optional.empty(), 1000, NOBODY);
    }
  }

  private static LossTerm term() {
    return LossTerm.data(1, Loss.uniform(Loss.Measure.MSE, Waves.ROWS, Waves.COLUMNS));
  }

  private static FineTuneSettings settings(TuneScope scope, int steps, double l2sp) {
    return new FineTuneSettings(scope, steps, MINUTE, 8, 3e-3, 1, l2sp, 1);
  }

  private static M2no operator() {
    return M2no.create(architecture(), 7);
  }

  private static M2noSettings architecture() {
    return M2noSettings.forGrid(1, 1, Waves.ROWS, Waves.COLUMNS, true).withWidth(2, 1);
  }

  private static float[] difference(Tensor a, Tensor b) {
    float[] d = new float[a.values().length];
    for (int i = 0; i < d.length; i++) {
      d[i] = a.values()[i] - b.values()[i];
    }
    return d;
  }

  /** All rows are multiples of the longest one, up to rounding. */
  private static boolean isOfRankOne(float[] d, long rows) {
    int n = d.length / (int) rows;
    int longest = 0;
    for (int row = 1; row < rows; row++) {
      longest = dot(d, n, row, row) > dot(d, n, longest, longest) ? row : longest;
    }
    double square = dot(d, n, longest, longest);
    double left = 0;
    double whole = 0;
    for (int row = 0; row < rows; row++) {
      double own = dot(d, n, row, row);
      double along = dot(d, n, row, longest);
      left += own - along * along / square;
      whole += own;
    }
    return whole > 0 && left < 1e-4 * whole;
  }

  private static double dot(float[] d, int n, int row, int other) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += d[row * n + i] * d[other * n + i];
    }
    return sum;
  }
}
