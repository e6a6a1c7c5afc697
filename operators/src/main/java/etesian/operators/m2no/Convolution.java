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
    int columns = x.getShape().dimension() - 1;
    NDArray padded = extend(x, columns, padding.columns);
    Shape zeroColumns = zeros(padding.columns);
    if (columns == 2) {
      return Conv1d.conv1d(padded, weight, bias, STRIDE_1D, zeroColumns).head();
    }
    padded = extend(padded, 2, padding.rows);
    Shape zeros = zeros(padding.rows).addAll(zeroColumns);
    return Conv2d.conv2d(padded, weight, bias, STRIDE_2D, zeros).head();
  }

  /** Zeros that the convolution itself adds to an axis. */
  private static Shape zeros(Padding.Border border) {
    return new Shape(border == Padding.Border.ZEROS ? 1 : 0);
  }

  /** One more line on both sides of an axis, unless it is zeros. */
  private static NDArray extend(NDArray x, int axis, Padding.Border border) {
    if (border == Padding.Border.ZEROS) {
      return x;
    }
    long size = x.getShape().get(axis);
    NDArray first = Axes.slice(x, axis, 0, 1);
    NDArray last = Axes.slice(x, axis, size - 1, size);
    boolean same = border == Padding.Border.SAME;
    return NDArrays.concat(new NDList(same ? first : last, x, same ? last : first), axis);
  }
}
