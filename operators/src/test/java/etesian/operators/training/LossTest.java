package etesian.operators.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import etesian.operators.Tensor;
import java.util.Arrays;
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

  /** On a ring of 4 cells of length 2, so the gap is 1/2 and differences are u[j+1] - u[j-1]. */
  @Test
  void theSobolevNormWorkedByHand() {
    Loss loss = Loss.uniform(Loss.Measure.RELATIVE_H1, 1, 4).on(new Domain(1, 2, true, true));
    Tensor target = new Tensor(new float[] {1, 0, 0, 0}, 1, 1, 1, 4);
    // deviation 0 2 0 0 has slopes 2 0 -2 0, the target 0 -1 0 1
    assertThat(loss(loss, new float[] {1, 2, 0, 0}, target))
        .isEqualTo(Math.sqrt((4 + 8) / (1 + 2.0)), within(1e-6));
  }

  /** What lies on land must not reach the sea through a slope. */
  @Test
  void slopesDoNotReadCellsWithoutWeight() {
    float[] rows = {1, 2, 1, 1, 2, 1};
    boolean[] sea = new boolean[6 * 6];
    Arrays.fill(sea, true);
    sea[2 * 6 + 3] = false;
    Loss loss = Loss.weighted(Loss.Measure.RELATIVE_H1, rows, sea).on(Domain.UNIT_TORUS);
    float[] truth = new float[36];
    for (int i = 0; i < truth.length; i++) {
      truth[i] = (float) Math.sin(i);
    }
    float[] forecast = new float[36];
    Tensor target = new Tensor(truth, 1, 1, 6, 6);
    double expected = loss(loss, forecast, target);
    forecast[2 * 6 + 3] = 1e6f;
    assertThat(loss(loss, forecast, target)).isEqualTo(expected).isEqualTo(1, within(1e-6));
  }

  @Test
  void slopesAtAnEdgeNeedFourCells() {
    Loss narrow = Loss.uniform(Loss.Measure.RELATIVE_H1, 3, 8);
    assertThatThrownBy(() -> new Objective(narrow))
        .hasMessageContaining("3 cells")
        .hasMessageContaining("at least 4");
    Loss wrapped = narrow.on(new Domain(1, 1, true, false));
    float[] ones = new float[24];
    Arrays.fill(ones, 1);
    assertThat(loss(wrapped, new float[24], new Tensor(ones, 1, 1, 3, 8)))
        .isEqualTo(1, within(1e-6));
  }

  @Test
  void aMaskThatHidesEverythingIsRefused() {
    assertThatThrownBy(
            () -> Loss.weighted(Loss.Measure.MSE, new float[] {1}, new boolean[] {false, false}))
        .hasMessageContaining("all cell weights are 0");
  }

  private static double loss(Loss loss) {
    return loss(loss, PREDICTION, TARGET);
  }

  private static double loss(Loss loss, float[] values, Tensor target) {
    return loss.value(new Tensor(values, target.shape()), target);
  }
}
