package etesian.operators.smnn;

/**
 * The gradient of one input. Where batch elements share the input, each block of lanes has a part
 * of its own, and the parts are summed in the order of the blocks, so that the sum does not depend
 * on threads.
 */
final class GradientSum {
  private final DoubleTensor total;
  private final double[][] parts;

  /** Of {@code input} with {@code own} axes after the batch axes. */
  GradientSum(LinearOde ode, DoubleTensor input, int own, int blocks) {
    total = DoubleTensor.zeros(input.shape());
    int size = ode.batch();
    for (int axis = 1; axis <= own; axis++) {
      size *= input.fromEnd(axis);
    }
    boolean shared = input.values().length != size;
    parts = shared && blocks > 1 ? new double[blocks][] : null;
  }

  /** Where a block adds its gradients. */
  double[] of(int block) {
    if (parts == null) {
      return total.values();
    }
    parts[block] = new double[total.values().length];
    return parts[block];
  }

  /** The sum over all blocks, asked for once. */
  DoubleTensor total() {
    for (int block = 0; parts != null && block < parts.length; block++) {
      Lanes.sum(total.values(), total.values(), parts[block], parts[block].length);
    }
    return total;
  }
}
