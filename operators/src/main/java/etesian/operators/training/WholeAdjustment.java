package etesian.operators.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import etesian.operators.Devices;
import java.util.LinkedHashMap;
import java.util.Map;

/** The variables are the parameters themselves. */
final class WholeAdjustment extends Adjustment {
  private final Map<String, NDArray> start = new LinkedHashMap<>();
  private final double l2sp;

  WholeAdjustment(Map<String, NDArray> parameters, NDManager owner, double l2sp) {
    super(parameters);
    this.l2sp = l2sp;
    parameters.forEach(
        (name, p) -> {
          NDArray copy = p.stopGradient().duplicate();
          copy.attach(owner);
          start.put(name, copy);
        });
  }

  @Override
  Map<String, NDArray> variables() {
    return parameters();
  }

  @Override
  NDArray pull() {
    if (l2sp == 0) {
      return null;
    }
    NDArray sum = null;
    for (Map.Entry<String, NDArray> entry : parameters().entrySet()) {
      NDArray square = entry.getValue().sub(start.get(entry.getKey())).square().sum();
      sum = sum == null ? square : sum.add(square);
    }
    return sum.mul(Devices.number(sum, l2sp / 2));
  }

  @Override
  void collect() {
    // the gradients lie where Adam looks for them
  }

  @Override
  void follow() {
    // Adam has moved the parameters
  }

  @Override
  void undo() {
    parameters().forEach((name, p) -> p.set(new NDIndex("..."), start.get(name)));
  }
}
