package etesian.operators.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import etesian.operators.Devices;

/**
 * First differences along one axis of shape (batch, channels, rows, columns), with gap h:
 *
 * <pre>
 *   inside, and everywhere where the axis wraps:  ( u[j+1] - u[j-1] ) / 2h
 *   first:  ( -11 u[0] + 18 u[1] - 9 u[2] + 2 u[3] ) / 6h;  last: its mirror image with other sign
 * </pre>
 */
final class Differences {
  /** Cells that the formula at an edge reads. */
  private static final int AT_EDGE = 4;

  private final int axis;
  private final int cells;
  private final double gap;
  private final boolean wraps;

  /**
   * @param axis 2 or 3
   * @param length of the whole axis
   */
  Differences(int axis, int cells, double length, boolean wraps) {
    if (cells < (wraps ? 1 : AT_EDGE)) {
      throw new IllegalArgumentException(
          String.format(
              "slopes along an axis of %d cells that does not wrap: expected at least %d cells",
              cells, AT_EDGE));
    }
    this.axis = axis;
    this.cells = cells;
    this.gap = length / cells;
    this.wraps = wraps;
  }

  /** The differences of u, of its shape; linear in u and differentiable. */
  NDArray of(NDArray u) {
    if (wraps) {
      NDList ring = new NDList(part(u, cells - 1, cells), u, part(u, 0, 1));
      return central(NDArrays.concat(ring, axis), cells + 2);
    }
    NDArray first = oneSided(u, 0, 1).div(Devices.number(u, 6 * gap));
    NDArray last = oneSided(u, cells - 1, -1).div(Devices.number(u, -6 * gap));
    return NDArrays.concat(new NDList(first, central(u, cells), last), axis);
  }

  private NDArray central(NDArray u, int length) {
    return part(u, 2, length).sub(part(u, 0, length - 2)).div(Devices.number(u, 2 * gap));
  }

  private NDArray oneSided(NDArray u, int at, int step) {
    return cell(u, at)
        .mul(Devices.number(u, -11))
        .add(cell(u, at + step).mul(Devices.number(u, 18)))
        .sub(cell(u, at + 2 * step).mul(Devices.number(u, 9)))
        .add(cell(u, at + 3 * step).mul(Devices.number(u, 2)));
  }

  private NDArray cell(NDArray u, int at) {
    return part(u, at, at + 1);
  }

  private NDArray part(NDArray u, int from, int to) {
    return u.get(new NDIndex().addAllDim(axis).addSliceDim(from, to));
  }

  /**
   * Weights of the differences: those of the cells, but 0 where the formula reads a cell without
   * weight, whose value means nothing.
   *
   * @param weights shape (rows, columns)
   */
  float[] weights(float[] weights, int columns) {
    float[] out = weights.clone();
    int stride = axis == 3 ? 1 : columns;
    for (int i = 0; i < out.length; i++) {
      int at = axis == 3 ? i % columns : i / columns;
      int line = i - at * stride;
      for (int neighbour : read(at)) {
        if (weights[line + neighbour * stride] == 0) {
          out[i] = 0;
        }
      }
    }
    return out;
  }

  /** Positions on the axis that the difference at a position reads, itself included. */
  private int[] read(int at) {
    if (wraps) {
      return new int[] {(at + cells - 1) % cells, at, (at + 1) % cells};
    } else if (at == 0) {
      return new int[] {0, 1, 2, 3};
    } else if (at == cells - 1) {
      return new int[] {cells - 4, cells - 3, cells - 2, cells - 1};
    }
    return new int[] {at - 1, at, at + 1};
  }
}
