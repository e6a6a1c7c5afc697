package etesian.operators.m2no;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.convolutional.Conv2d;

/**
 * A convolution of width 3 that keeps the size.
 *
 * <pre>  y[o,p] = bias[o] + sum over i, d of weight[o,i,d] x[i,p+d-1]  </pre>
 *
 * @param weight shape (out, in, 3) or (out, in, 3, 3)
 * @param bias shape (out), or null
 */
record Convolution(NDArray weight, NDArray bias, Padding padding) {
  private static final Shape STRIDE_1D = new Shape(1);
  private static final Shape STRIDE_2D = new Shape(1, 1);

  NDArray of(NDArray x) {
    boolean wrapColumns = padding != Padding.ZEROS;
    boolean wrapRows = padding == Padding.CIRCULAR;
    Shape zeroColumns = new Shape(wrapColumns ? 0 : 1);
    int columns = x.getShape().dimension() - 1;
    NDArray padded = wrapColumns ? wrap(x, columns) : x;
    if (columns == 2) {
      return Conv1d.conv1d(padded, weight, bias, STRIDE_1D, zeroColumns).head();
    }
    padded = wrapRows ? wrap(padded, 2) : padded;
    Shape zeros = new Shape(wrapRows ? 0 : 1, zeroColumns.get(0));
    return Conv2d.conv2d(padded, weight, bias, STRIDE_2D, zeros).head();
  }

  private static NDArray wrap(NDArray x, int axis) {
    long size = x.getShape().get(axis);
    NDArray last = Axes.slice(x, axis, size - 1, size);
    NDArray first = Axes.slice(x, axis, 0, 1);
    return NDArrays.concat(new NDList(last, x, first), axis);
  }
}
