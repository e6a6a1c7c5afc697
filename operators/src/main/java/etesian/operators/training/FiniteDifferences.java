package etesian.operators.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import etesian.operators.Devices;

/**
 * Derivatives of functions on a uniform grid, whose axes are the last ones of an array; of second
 * order inside, differentiable, in the type of the array.
 *
 * <pre>
 *   first:   inside ( u[j+1] - u[j-1] ) / 2h;         first point ( -11 u0 + 18 u1 - 9 u2 + 2 u3 ) / 6h
 *   second:  inside ( u[j+1] - 2 u[j] + u[j-1] ) / h^2;  first point ( 2 u0 - 5 u1 + 4 u2 - u3 ) / h^2
 * </pre>
 *
 * At the last point the mirror image; on a periodic axis every point is inside.
 */
public final class FiniteDifferences {
  private static final int AT_EDGE = 4;

  private final double[] gaps;
  private final boolean periodic;

  /**
   * @param gaps between points, one for each axis of space
   */
  public FiniteDifferences(boolean periodic, double... gaps) {
    this.gaps = gaps.clone();
    this.periodic = periodic;
  }

  /** Du / dx_axis; axes of space count from 0. */
  public NDArray first(NDArray u, int axis) {
    Line line = new Line(u, u.getShape().dimension() - gaps.length + axis);
    double h = gaps[axis];
    if (periodic) {
      return line.shifted(1).sub(line.shifted(-1)).div(Devices.number(u, 2 * h));
    }
    NDArray inside = line.part(2, 0).sub(line.part(0, 2)).div(Devices.number(u, 2 * h));
    NDArray start = line.edge(1, -11, 18, -9, 2).div(Devices.number(u, 6 * h));
    NDArray end = line.edge(-1, 11, -18, 9, -2).div(Devices.number(u, 6 * h));
    return NDArrays.concat(new NDList(start, inside, end), line.axis);
  }

  /** D^2 u / dx_axis^2. */
  public NDArray second(NDArray u, int axis) {
    Line line = new Line(u, u.getShape().dimension() - gaps.length + axis);
    double square = gaps[axis] * gaps[axis];
    if (periodic) {
      return line.shifted(1)
          .sub(u.mul(Devices.number(u, 2)))
          .add(line.shifted(-1))
          .div(Devices.number(u, square));
    }
    NDArray inside =
        line.part(2, 0)
            .sub(line.part(1, 1).mul(Devices.number(u, 2)))
            .add(line.part(0, 2))
            .div(Devices.number(u, square));
    NDArray start = line.edge(1, 2, -5, 4, -1).div(Devices.number(u, square));
    NDArray end = line.edge(-1, 2, -5, 4, -1).div(Devices.number(u, square));
    return NDArrays.concat(new NDList(start, inside, end), line.axis);
  }

  /** The sum of all second derivatives. */
  public NDArray laplacian(NDArray u) {
    NDArray sum = second(u, 0);
    for (int axis = 1; axis < gaps.length; axis++) {
      sum = sum.add(second(u, axis));
    }
    return sum;
  }

  /** The sum of dv_i / dx_i; as many components as axes. */
  public NDArray divergence(NDList v) {
    NDArray sum = first(v.get(0), 0);
    for (int axis = 1; axis < gaps.length; axis++) {
      sum = sum.add(first(v.get(axis), axis));
    }
    return sum;
  }

  /** Of two components in the plane: dv_1 / dx_0 - dv_0 / dx_1. */
  public NDArray curl(NDList v) {
    return first(v.get(1), 0).sub(first(v.get(0), 1));
  }

  /** An array along one of its axes. */
  private record Line(NDArray u, int axis) {
    Line {
      if (u.getShape().get(axis) < AT_EDGE) {
        throw new IllegalArgumentException(
            String.format(
                "differences along axis %d of %s: expected at least %d points",
                axis, u.getShape(), AT_EDGE));
      }
    }

    long size() {
      return u.getShape().get(axis);
    }

    /** Without some points at both ends. */
    NDArray part(long before, long after) {
      return slice(before, size() - after);
    }

    private NDArray slice(long from, long to) {
      return u.get(new NDIndex().addAllDim(axis).addSliceDim(from, to));
    }

    /** U[j + by], round the end; by is 1 or -1. */
    NDArray shifted(int by) {
      NDList parts =
          by > 0
              ? new NDList(part(1, 0), slice(0, 1))
              : new NDList(slice(size() - 1, size()), part(0, 1));
      return NDArrays.concat(parts, axis);
    }

    /** Sum of the first or last (step -1) points times factors. */
    NDArray edge(int step, double... factors) {
      NDArray sum = null;
      for (int i = 0; i < factors.length; i++) {
        long at = step > 0 ? i : size() - 1 - i;
        NDArray term = slice(at, at + 1).mul(Devices.number(u, factors[i]));
        sum = sum == null ? term : sum.add(term);
      }
      return sum;
    }
  }
}
