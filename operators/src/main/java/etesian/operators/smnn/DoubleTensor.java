package etesian.operators.smnn;

import java.util.Arrays;

/**
 * A dense float64 array, row-major. The solver works in double precision because the condition of
 * its normal equations grows like a high power of the inverse step.
 *
 * @param values all elements, last axis fastest; not copied
 * @param shape length of each axis
 */
public record DoubleTensor(double[] values, int... shape) {
  public DoubleTensor {
    if (size(shape) != values.length) {
      throw new IllegalArgumentException(
          values.length + " values do not fill shape " + Arrays.toString(shape));
    }
  }

  /** All zero. */
  public static DoubleTensor zeros(int... shape) {
    return new DoubleTensor(new double[size(shape)], shape);
  }

  private static int size(int... shape) {
    int n = 1;
    for (int s : shape) {
      n = Math.multiplyExact(n, s);
    }
    return n;
  }

  /** Length of an axis counted from the last, which is 1. */
  int fromEnd(int axis) {
    return shape[shape.length - axis];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DoubleTensor t
        && Arrays.equals(shape, t.shape)
        && Arrays.equals(values, t.values);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(shape) + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "DoubleTensor" + Arrays.toString(shape);
  }
}
