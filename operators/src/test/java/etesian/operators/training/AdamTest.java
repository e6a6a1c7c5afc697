package etesian.operators.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import etesian.operators.Devices;
import etesian.operators.Tensor;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdamTest {
  /** Gradients -24, clipped to -1, then -0.5: the formula of the paper, step by step. */
  @Test
  void longNegativeGradientsAreClippedAndMomentsAreKept() {
    try (NDManager manager = Devices.newManager()) {
      NDArray p = manager.create(new float[] {1});
      p.setRequiresGradient(true);
      Adam adam = new Adam(Map.of("p", p), manager, 0, 1);
      step(adam, p, -24);
      assertThat(p.getFloat()).isEqualTo(1.1f, within(1e-6f));
      step(adam, p, -0.5);
      double mean = (0.9 * 0.1 * 1 + 0.1 * 0.5) / (1 - 0.81);
      double square = (0.999 * 0.001 * 1 + 0.001 * 0.25) / (1 - 0.999 * 0.999);
      assertThat((double) p.getFloat())
          .isEqualTo(1.1 + 0.1 * mean / Math.sqrt(square), within(1e-6));
    }
  }

  /** Normalisation weights are stored with their channels last. */
  @Test
  void aParameterStoredInAnotherOrderIsTreatedElementByElement() {
    try (NDManager manager = Devices.newManager()) {
      NDArray stored = manager.create(new float[] {1, 2, 3, 4, 5, 6}, new Shape(3, 2));
      NDArray p = stored.transpose();
      NDArray dense = manager.create(new float[] {1, 3, 5, 2, 4, 6}, new Shape(2, 3));
      NDArray slopes = manager.create(new float[] {-3, 1, 2, 5, 0, -1}, new Shape(2, 3));
      for (NDArray parameter : Arrays.asList(p, dense)) {
        parameter.setRequiresGradient(true);
        Adam adam = new Adam(Map.of("p", parameter), manager, 0.1, 1);
        for (int i = 0; i < 3; i++) {
          try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
            collector.backward(parameter.mul(slopes).sum());
          }
          step(adam);
        }
      }
      assertThat(Devices.read(p)).isEqualTo(Devices.read(dense));
      assertThat(stored.toFloatArray())
          .as("the very memory of the parameter changed")
          .isEqualTo(Devices.read(dense.transpose()).values());
    }
  }

  @Test
  void momentsAreKeptAndRestored() {
    try (NDManager manager = Devices.newManager()) {
      NDArray p = manager.create(new float[] {1, 2, 3, 4, 5, 6}, new Shape(3, 2)).transpose();
      p.setRequiresGradient(true);
      Adam adam = new Adam(Map.of("p", p), manager, 0, 10);
      step(adam, p, 3);
      Tensor before = Devices.read(p);
      Map<String, Tensor> moments = adam.moments();
      step(adam, p, -1);
      Tensor after = Devices.read(p);

      InPlace.write(p, before);
      Adam another = new Adam(Map.of("p", p), manager, 0, 10);
      another.restore(moments, 1);
      step(another, p, -1);
      assertThat(Devices.read(p)).isEqualTo(after).isNotEqualTo(before);
    }
  }

  private static void step(Adam adam, NDArray p, double slope) {
    try (GradientCollector collector = p.getManager().getEngine().newGradientCollector()) {
      collector.backward(p.mul(slope).sum());
    }
    step(adam);
  }

  private static void step(Adam adam) {
    Devices.withoutGradients(
        () -> {
          adam.step(0.1);
          return null;
        });
  }
}
