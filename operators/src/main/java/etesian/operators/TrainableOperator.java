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
}
