package etesian.operators.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import etesian.operators.Devices;
import etesian.operators.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  private record Slot(String name, NDArray parameter, NDArray mean, NDArray square) {}

  /**
   * @param parameters by name, changed in place
   * @param owner of the moments
   */
  Adam(Map<String, NDArray> parameters, NDManager owner, double weightDecay, double clipNorm) {
    this.weightDecay = weightDecay;
    this.clipNorm = clipNorm;
    parameters.forEach(
        (name, p) -> slots.add(new Slot(name, p, zerosLike(p, owner), zerosLike(p, owner))));
  }

  /** In memory as the parameter lies, so that element-wise work runs through both in order. */
  private static NDArray zerosLike(NDArray parameter, NDManager owner) {
    NDArray zeros = parameter.zerosLike();
    zeros.attach(owner);
    return zeros;
  }

  /**
   * One step with the gradients that the parameters hold, which are then set to zero.
   *
   * @return 2-norm of all gradients together, before clipping; when it is not finite, nothing moved
   */
  double step(double rate) {
    double norm = norm();
    if (Double.isFinite(norm)) {
      steps++;
      double scale = norm > clipNorm ? clipNorm / norm : 1;
      for (Slot slot : slots) {
        try (NDScope temporaries = new NDScope()) { // per parameter: the largest bounds the memory
          temporaries.suppressNotUsedWarning();
          update(slot, scale, rate);
        }
      }
    }
    forget();
    return norm;
  }

  /** Sets the gradients to zero without a step. */
  void forget() {
    slots.forEach(slot -> JniUtils.zeroGrad((PtNDArray) slot.parameter));
  }

  private double norm() {
    try (NDScope sums = new NDScope()) {
      sums.suppressNotUsedWarning();
      NDList squares = new NDList();
      for (Slot slot : slots) {
        try (NDArray square = slot.parameter.getGradient().square()) {
          squares.add(square.sum().reshape(1));
        }
      }
      return Math.sqrt(NDArrays.concat(squares).sum().getFloat());
    }
  }

  /** In place wherever it can be: a parameter may have many millions of elements. */
  private void update(Slot slot, double scale, double rate) {
    NDArray g = slot.parameter.getGradient().mul(scale);
    if (weightDecay > 0) {
      g.addi(slot.parameter.mul(weightDecay));
    }
    g.muli(1 - BETA1);
    slot.mean.muli(BETA1).addi(g);
    g.muli(g).muli((1 - BETA2) / ((1 - BETA1) * (1 - BETA1)));
    slot.square.muli(BETA2).addi(g);
    NDArray spread = slot.square.sqrt();
    spread.muli(1 / Math.sqrt(1 - Math.pow(BETA2, steps))).addi(EPSILON);
    NDArray change = slot.mean.div(spread);
    slot.parameter.subi(change.muli(rate / (1 - Math.pow(BETA1, steps))));
  }

  /** Steps so far. */
  int steps() {
    return steps;
  }

  /** A copy of m and v, as {@code mean.NAME} and {@code square.NAME}. */
  Map<String, Tensor> moments() {
    Map<String, Tensor> moments = new LinkedHashMap<>();
    for (Slot slot : slots) {
      moments.put("mean." + slot.name, Devices.read(slot.mean));
      moments.put("square." + slot.name, Devices.read(slot.square));
    }
    return moments;
  }

  /** Goes on from what {@link #moments} and {@link #steps} gave. */
  void restore(Map<String, Tensor> moments, int steps) {
    this.steps = steps;
    for (Slot slot : slots) {
      InPlace.write(slot.mean, moments.get("mean." + slot.name));
      InPlace.write(slot.square, moments.get("square." + slot.name));
    }
  }
}
