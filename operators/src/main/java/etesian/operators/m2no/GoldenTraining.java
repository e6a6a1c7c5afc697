package etesian.operators.m2no;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import etesian.operators.Devices;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The few steps of Adam that some golden files hold: the whole batch at once, float64, without
 * schedule or clipping; decay is added to the gradient.
 *
 * <pre>
 *   g = g + decay p;   m = 0.9 m + 0.1 g;   v = 0.999 v + 0.001 g^2
 *   p = p - rate / (1 - 0.9^t) m / ( sqrt(v / (1 - 0.999^t)) + 1e-8 )
 * </pre>
 */
final class GoldenTraining {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;

  private GoldenTraining() {}

  private record Slot(NDArray parameter, NDArray mean, NDArray square) {}

  /**
   * Changes the parameters of an operator.
   *
   * @param loss calculates the loss of the operator as it is
   * @return the losses before each step
   */
  static double[] run(M2no operator, Supplier<NDArray> loss, int steps, double rate, double decay) {
    double[] losses = new double[steps];
    try (NDManager owner = Devices.newManager()) {
      List<Slot> slots = new ArrayList<>();
      for (NDArray p : operator.parameters().values()) {
        p.setRequiresGradient(true);
        slots.add(new Slot(p, zeros(p, owner), zeros(p, owner)));
      }
      for (int t = 1; t <= steps; t++) {
        try (NDScope temporaries = new NDScope()) {
          temporaries.suppressNotUsedWarning();
          losses[t - 1] = Devices.differentiate(loss);
          double bare = rate / (1 - Math.pow(BETA1, t));
          double spread = 1 / Math.sqrt(1 - Math.pow(BETA2, t));
          Devices.withoutGradients(
              () -> {
                slots.forEach(slot -> update(slot, decay, bare, spread));
                return null;
              });
        }
      }
    }
    return losses;
  }

  private static NDArray zeros(NDArray like, NDManager owner) {
    NDArray zeros = like.zerosLike();
    zeros.attach(owner);
    return zeros;
  }

  private static void update(Slot slot, double decay, double rate, double spread) {
    NDArray p = slot.parameter;
    NDArray g = p.getGradient().add(p.mul(decay));
    slot.mean.muli(BETA1).addi(g.mul(1 - BETA1));
    slot.square.muli(BETA2).addi(g.square().mul(1 - BETA2));
    p.subi(slot.mean.div(slot.square.sqrt().mul(spread).add(1e-8)).mul(rate));
    JniUtils.zeroGrad((PtNDArray) p);
  }
}
