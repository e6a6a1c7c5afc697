package etesian.operators.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import etesian.operators.Devices;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdamTest {
  /** Gradients -24, clipped to -1, then -0.5: the formula of the paper, step by step. */
  @Test
  void longNegativeGradientsAreClippedAndMomentsAreKept() {
    try (NDManager manager = Devices.newManager()) {
      NDArray p = manager.create(new float[] {1});
      p.setRequiresGradient(true);
      Adam adam = new Adam(List.of(p), manager, 0, 1);
      step(adam, p, -24);
      assertThat(p.getFloat()).isEqualTo(1.1f, within(1e-6f));
      step(adam, p, -0.5);
      double mean = (0.9 * 0.1 * 1 + 0.1 * 0.5) / (1 - 0.81);
      double square = (0.999 * 0.001 * 1 + 0.001 * 0.25) / (1 - 0.999 * 0.999);
      assertThat((double) p.getFloat())
          .isEqualTo(1.1 + 0.1 * mean / Math.sqrt(square), within(1e-6));
    }
  }

  private static void step(Adam adam, NDArray p, double slope) {
    try (GradientCollector collector = p.getManager().getEngine().newGradientCollector()) {
      collector.backward(p.mul(slope).sum());
    }
    Devices.withoutGradients(
        () -> {
          adam.step(0.1);
          return null;
        });
  }
}
