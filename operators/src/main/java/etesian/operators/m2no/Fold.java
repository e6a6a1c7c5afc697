package etesian.operators.m2no;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * Moves an activation one level down or up with the low-pass filter H, shape (modes, 2^d modes) for
 * d spatial axes.
 *
 * <p>The packing is the published one, a plain row-major reshape with channels last: in 2-D a
 * coarse cell is made of four consecutive cells of one row, not of a 2 x 2 patch. Channels C =
 * multiplicity x modes; each group of 2^d modes consecutive numbers is multiplied by H'.
 *
 * @param filter H
 * @param transposed H', a view or a copy
 */
record Fold(NDArray filter, NDArray transposed) {

  /**
   * @param x shape (batch, C, N) or (batch, C, rows, columns), sizes even
   * @return the same with halved sizes
   */
  NDArray restrict(NDArray x) {
    long[] shape = x.getShape().getShape();
    long[] coarse = shape.clone();
    for (int axis = 2; axis < shape.length; axis++) {
      if (shape[axis] % 2 != 0) {
        throw new IllegalArgumentException(
            "a grid of shape " + x.getShape() + " cannot be halved; pad it (GridPadding)");
      }
      coarse[axis] /= 2;
    }
    return apply(x, transposed, coarse);
  }

  /** The transpose of {@link #restrict}: doubles the sizes. */
  NDArray prolongate(NDArray x) {
    long[] fine = x.getShape().getShape().clone();
    for (int axis = 2; axis < fine.length; axis++) {
      fine[axis] *= 2;
    }
    return apply(x, filter, fine);
  }

  private static NDArray apply(NDArray x, NDArray matrix, long[] shape) {
    NDArray groups = Axes.channelsLast(x).reshape(-1, matrix.getShape().get(0));
    Shape last =
        shape.length == 3
            ? new Shape(shape[0], shape[2], shape[1])
            : new Shape(shape[0], shape[2], shape[3], shape[1]);
    return Axes.channelsFirst(groups.matMul(matrix).reshape(last));
  }
}
