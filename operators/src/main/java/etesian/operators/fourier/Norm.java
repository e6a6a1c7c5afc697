package etesian.operators.fourier;

/** Over all points of a sample, or of a batch. */
public enum Norm {
  NONE,
  /** For groups of channels, with a weight and a bias for each channel. */
  GROUP,
  /** For every channel by itself, without weights. */
  INSTANCE,
  /**
   * For every channel over all samples of a batch in training, by running statistics else, with a
   * weight and a bias for each channel:
   *
   * <pre>
   *   y = weight (x - m) / sqrt(v + 1e-5) + bias
   *   training: m, v mean and biased variance of the batch;
   *             M = 0.9 M + 0.1 m,  V = 0.9 V + 0.1 v n / (n - 1)
   *   else:     m = M, v = V
   * </pre>
   *
   * n: points of all samples. M and V are {@link etesian.operators.TrainableOperator#buffers}. A
   * forecast does not depend on what it is made together with.
   */
  BATCH,
  /**
   * As {@link #INSTANCE}, with a scale and a shift for each channel that a small network derives
   * from an embedding, see {@link Fno#condition}.
   */
  ADAPTIVE
}
