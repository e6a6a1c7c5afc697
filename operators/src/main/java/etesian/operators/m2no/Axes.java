package etesian.operators.m2no;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;

/** Views of activations of shape (batch, channels, spatial axes). */
final class Axes {
  private Axes() {}

  /** A view with the channels as last axis. */
  static NDArray channelsLast(NDArray x) {
    return x.getShape().dimension() == 3 ? x.transpose(0, 2, 1) : x.transpose(0, 2, 3, 1);
  }

  /** A view with the channels as second axis. */
  static NDArray channelsFirst(NDArray x) {
    return x.getShape().dimension() == 3 ? x.transpose(0, 2, 1) : x.transpose(0, 3, 1, 2);
  }

  /** Elements from (inclusive) to (exclusive) of one axis. */
  static NDArray slice(NDArray x, int axis, long from, long to) {
    return x.get(new NDIndex().addAllDim(axis).addSliceDim(from, to));
  }
}
