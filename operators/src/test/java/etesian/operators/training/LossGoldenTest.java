package etesian.operators.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import etesian.operators.Devices;
import etesian.operators.Tensor;
import etesian.operators.conformance.Npz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Agreement with the losses of NeuralOperator and their gradients, where its golden vectors are at
 * hand. There every channel is a sample of its own.
 */
class LossGoldenTest {
  @ParameterizedTest
  @CsvSource({
    "Lp2_rel_mean, RELATIVE_L2, false",
    "H1_rel_mean_periodic, RELATIVE_H1, true",
    "H1_rel_mean_nonperiodic, RELATIVE_H1, false"
  })
  void lossAndGradientAgree(String key, Loss.Measure measure, boolean wraps) throws IOException {
    Path file = Path.of(System.getProperty("etesian.shared", "shared"), "conformance/neuralop");
    assumeTrue(Files.isDirectory(file), () -> "no golden vectors at " + file);
    Npz golden = Npz.read(file.resolve("loss_2d.npz"));
    int[] shape = golden.shape("x");
    Domain domain = wraps ? Domain.UNIT_TORUS : Domain.UNIT_SQUARE;
    Loss loss = Loss.uniform(measure, shape[2], shape[3]).on(domain);
    try (NDManager scope = Devices.newManager();
        Objective objective = new Objective(loss)) {
      NDArray x = Devices.place(scope, perChannel(golden, "x"));
      x.setRequiresGradient(true);
      try (GradientCollector collector = scope.getEngine().newGradientCollector()) {
        NDArray value = objective.of(scope, x, perChannel(golden, "y"));
        collector.backward(value);
        double expected = golden.number("loss/" + key);
        assertThat((double) value.getFloat()).isEqualTo(expected, within(1e-5 * expected));
      }
      float[] gradient = Devices.read(x.getGradient()).values();
      double[] expected = golden.doubles("grad/" + key);
      double scale = 0;
      for (double g : expected) {
        scale = Math.max(scale, Math.abs(g));
      }
      for (int i = 0; i < expected.length; i++) {
        assertThat((double) gradient[i]).isEqualTo(expected[i], within(1e-4 * scale));
      }
    }
  }

  private static Tensor perChannel(Npz golden, String name) {
    double[] wide = golden.doubles(name);
    float[] values = new float[wide.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) wide[i];
    }
    int[] shape = golden.shape(name);
    return new Tensor(values, (long) shape[0] * shape[1], 1, shape[2], shape[3]);
  }
}
