package etesian.operators.m2no;

import ai.djl.ndarray.NDArray;

/** One multigrid block of the network. */
interface Block {

  /**
   * @param f shape (batch, C, spatial axes)
   * @return same shape
   */
  NDArray of(NDArray f, Probe probe);
}
