package etesian.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Map;

/** A neural operator that gradients can improve. */
public interface TrainableOperator extends NeuralOperator {

  /** All parameters by their name in {@link #weights}; they belong to the operator. */
  Map<String, NDArray> parameters();

  /**
   * The same map as {@link #apply}, differentiable in the parameters.
   *
   * @param scope owner of the result and of all intermediates
   * @param input shape (batch, inputChannels, rows, columns)
   * @return shape (batch, outputChannels, rows, columns)
   */
  NDArray forward(NDManager scope, Tensor input);
}
