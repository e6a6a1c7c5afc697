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

  /** Refuses a value that is not finite. */
  void checkFinite(String name) {
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        int[] index = new int[shape.length];
        int rest = i;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
          index[axis] = rest % shape[axis];
          rest /= shape[axis];
        }
        throw new IllegalArgumentException(
            String.format(
                "%s: %s at %s, expected finite numbers; fill or leave out what is missing",
                name, values[i], Arrays.toString(index)));
      }
    }
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
