package etesian.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Map;

/** A neural operator that gradients can improve. */
public interface TrainableOperator extends NeuralOperator {

  /** All parameters by their name in {@link #weights}; they belong to the operator. */
  Map<String, NDArray> parameters();

  /**
   * What {@link #weights} hold beside the parameters: numbers that {@link #forwardInTraining}
   * writes and gradients do not reach, such as the running statistics of a batch norm. Who puts
   * parameters back puts them back too; no optimiser moves them. They belong to the operator.
   */
  default Map<String, NDArray> buffers() {
    return Map.of();
  }

  /**
   * What the names of the parameters behind the last layer that mixes cells begin with: the least
   * that can be tuned, and that at least one parameter has.
   */
  List<String> head();

  /**
   * The same map as {@link #apply}, differentiable in the parameters.
   *
   * @param scope owner of the result and of all intermediates
   * @param input shape (batch, inputChannels, rows, columns)
   * @return shape (batch, outputChannels, rows, columns)
   */
  NDArray forward(NDManager scope, Tensor input);

  /**
   * {@link #forward} as training from the beginning sees it. The same map for most operators; one
   * with {@link #buffers} takes statistics of this batch in their place and lets the buffers follow
   * them.
   */
  default NDArray forwardInTraining(NDManager scope, Tensor input) {
    return forward(scope, input);
  }
}
