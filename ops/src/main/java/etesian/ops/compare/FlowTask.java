package etesian.ops.compare;

import etesian.operators.m2no.M2noSettings;
import etesian.operators.m2no.Padding;
import etesian.operators.training.Loss;
import java.util.function.DoubleConsumer;

/** The vorticity of {@link Flows}, one time unit ahead. */
final class FlowTask {
  private FlowTask() {}

  /**
   * @param flows of which an eighth each are for validation and test; a multiple of 8
   */
  static Task of(int flows, long seed, DoubleConsumer progress) {
    Flows solved = Flows.solved(flows, seed, progress);
    return new Task(
        "navier-stokes 64x64",
        network(),
        Loss.uniform(Loss.Measure.RELATIVE_L2, Flows.SIZE, Flows.SIZE),
        solved.training(),
        solved.validation(),
        solved.test());
  }

  static M2noSettings network() {
    return M2noSettings.forGrid(1, 1, Flows.SIZE, Flows.SIZE, true)
        .withPadding(Padding.CIRCULAR)
        .withResidual(true);
  }
}
