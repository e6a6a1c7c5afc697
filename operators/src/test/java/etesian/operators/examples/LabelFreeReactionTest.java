package etesian.operators.examples;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.operators.Devices;
import etesian.operators.training.TrainingSettings;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelFreeReactionTest {
  /** A minute of training reaches less than a tenth; this is the beginning of it. */
  @Test
  void aFewStepsMakeTheResidualSmallerWithoutLabels() {
    Devices.setThreads(1);
    List<Double> losses = new ArrayList<>();
    LabelFreeReaction.Settings small =
        new LabelFreeReaction.Settings(
            TrainingSettings.UNLIMITED, 150, 4, 3e-3, 8, 16, 2, 2, 129, 1);
    LabelFreeReaction.Learned learned =
        LabelFreeReaction.run(small, (done, loss) -> losses.add(loss));
    assertThat(learned.steps()).isEqualTo(150);
    assertThat(learned.loss()).isLessThan(0.7 * losses.get(0));
    assertThat(learned.weights().metadata())
        .containsEntry("architecture", "nsm")
        .containsEntry("training.labels", "0");
    assertThat(learned.grids())
        .extracting(LabelFreeReaction.OnGrid::points)
        .containsExactly(33, 65, 129);
    assertThat(learned.grids()).allSatisfy(grid -> assertThat(grid.deviation()).isLessThan(1e-6));
    assertThat(learned.persistence()).isBetween(0.3, 0.8);
  }
}
