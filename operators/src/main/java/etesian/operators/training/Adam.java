package etesian.operators.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Adam (Kingma and Ba, 2015) with coupled weight decay and clipping of the global norm. Per
 * parameter p with gradient g, at step t:
 *
 * <pre>
 *   g = s g + decay p,   s = min(1, clip / |all g|)
 *   m = b1 m + (1 - b1) g;   v = b2 v + (1 - b2) g^2
 *   p = p - rate / (1 - b1^t) m / ( sqrt(v / (1 - b2^t)) + 1e-8 )
 * </pre>
 */
final class Adam {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final double weightDecay;
  private final double clipNorm;
  private final List<Slot> slots = new ArrayList<>();
  private int steps;

  private record Slot(NDArray parameter, NDArray mean, NDArray square) {}

  /**
   * @param parameters changed in place
   * @param owner of the moments
   */
  Adam(Collection<NDArray> parameters, NDManager owner, double weightDecay, double clipNorm) {
    this.weightDecay = weightDecay;
    this.clipNorm = clipNorm;
    for (NDArray p : parameters) {
      slots.add(new Slot(p, owner.zeros(p.getShape()), owner.zeros(p.getShape())));
    }
  }

  /** One step with the gradients that the parameters hold, which are then set to zero. */
  void step(double rate) {
    steps++;
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      List<NDArray> gradients = slots.stream().map(slot -> slot.parameter.getGradient()).toList();
      double norm = norm(gradients);
      double scale = norm > clipNorm ? clipNorm / norm : 1;
      for (int i = 0; i < slots.size(); i++) {
        update(slots.get(i), gradients.get(i), scale, rate);
        JniUtils.zeroGrad((PtNDArray) slots.get(i).parameter);
      }
    }
  }

  private static double norm(List<NDArray> gradients) {
    NDList squares = new NDList();
    gradients.forEach(g -> squares.add(g.square().sum().reshape(1)));
    return Math.sqrt(NDArrays.concat(squares).sum().getFloat());
  }

  private void update(Slot slot, NDArray gradient, double scale, double rate) {
    NDArray g = gradient.mul(scale);
    if (weightDecay > 0) {
      g = g.add(slot.parameter.mul(weightDecay));
    }
    slot.mean.muli(BETA1).addi(g.mul(1 - BETA1));
    slot.square.muli(BETA2).addi(g.square().mul(1 - BETA2));
    NDArray spread = slot.square.div(1 - Math.pow(BETA2, steps)).sqrt().add(EPSILON);
    slot.parameter.subi(slot.mean.mul(rate / (1 - Math.pow(BETA1, steps))).div(spread));
  }
}
