package etesian.ops.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import etesian.operators.Devices;
import etesian.operators.Tensor;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A forward pass of which gradients are wanted.
 *
 * @param parameters by name
 * @param first the parameter nearest to the input: everything on the way back enters its gradient
 */
record Descent(
    Function<NDManager, NDArray> forward, Map<String, NDArray> parameters, String first) {

  /**
   * Gradients of the relative L2 distance to a target; that of the first parameter is compared.
   *
   * @param close lets go of what the pass holds
   */
  Work towards(Tensor target, Runnable close) {
    parameters.values().forEach(p -> p.setRequiresGradient(true));
    Runnable pass =
        () -> {
          backward(target);
          clear();
        };
    Supplier<float[]> slope =
        () -> {
          backward(target);
          float[] values = Devices.read(parameters.get(first).getGradient()).values();
          clear();
          return values;
        };
    return new Work(pass, slope, 0, close);
  }

  private void backward(Tensor target) {
    try (NDManager scope = Devices.newManager();
        NDScope temporaries = new NDScope()) {
      temporaries.suppressNotUsedWarning();
      NDArray t = Devices.place(scope, target);
      Devices.differentiate(() -> forward.apply(scope).sub(t).norm().div(t.norm()));
    }
  }

  private void clear() {
    parameters.values().forEach(p -> JniUtils.zeroGrad((PtNDArray) p));
  }
}
