package etesian.operators;

/**
 * A trained map between stacks of gridded channels. Knows nothing of time, units or streams.
 *
 * <p>Not safe for use by several threads at once: give each thread its own, or one thread all the
 * work. {@link #close} frees the memory outside the heap.
 */
public interface NeuralOperator extends AutoCloseable {

  /**
   * @param input shape (batch, inputChannels, rows, columns); no NaN
   * @return shape (batch, outputChannels, rows, columns)
   */
  Tensor apply(Tensor input);

  int inputChannels();

  int outputChannels();

  /** Parameters and settings, complete enough to build the same operator again. */
  Weights weights();

  @Override
  void close();
}
