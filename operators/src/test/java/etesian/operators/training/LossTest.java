package etesian.operators.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import etesian.operators.Devices;
import etesian.operators.Tensor;
import org.junit.jupiter.api.Test;

class LossTest {
  private static final float[] ROW_WEIGHTS = {1, 3};
  private static final boolean[] MASK = {true, true, true, false};
  // two samples on a grid of 2 x 2; the last cell is masked
  private static final Tensor TARGET =
      new Tensor(new float[] {1, 2, 2, Float.NaN, 0, 1, 0, Float.NaN}, 2, 1, 2, 2);
  private static final float[] PREDICTION = {2, 2, 1, 9, 0, 0, 0, 9};

  @Test
  void theMeanSquareWorkedByHand() {
    // sample 1: (1 + 0 + 3) / 5, sample 2: 1 / 5
    assertThat(loss(Loss.weighted(Loss.Measure.MSE, ROW_WEIGHTS, MASK)))
        .isEqualTo((4 / 5.0 + 1 / 5.0) / 2, within(1e-6));
  }

  @Test
  void theRelativeNormWorkedByHand() {
    // sample 1: sqrt(4 / (1 + 4 + 12)), sample 2: sqrt(1 / 1)
    assertThat(loss(Loss.weighted(Loss.Measure.RELATIVE_L2, ROW_WEIGHTS, MASK)))
        .isEqualTo((Math.sqrt(4 / 17.0) + 1) / 2, within(1e-6));
  }

  @Test
  void aMaskThatHidesEverythingIsRefused() {
    assertThatThrownBy(
            () -> Loss.weighted(Loss.Measure.MSE, new float[] {1}, new boolean[] {false, false}))
        .hasMessageContaining("all cell weights are 0");
  }

  private static double loss(Loss loss) {
    try (NDManager scope = Devices.newManager()) {
      return loss.of(scope, scope.create(PREDICTION, new Shape(2, 1, 2, 2)), TARGET).getFloat();
    }
  }
}
