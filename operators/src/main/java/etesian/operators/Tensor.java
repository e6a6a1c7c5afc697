package etesian.operators;

import java.util.Arrays;

/**
 * A dense float32 array on the heap, row-major: what crosses the border of this module. Off-heap
 * arrays live and die inside it.
 *
 * @param values all elements, last axis fastest; not copied, so the giver lets go of it
 * @param shape length of each axis; empty for a scalar
 */
public record Tensor(float[] values, long... shape) {
  public Tensor {
    long n = 1;
    for (long s : shape) {
      n *= s;
    }
    if (n != values.length) {
      throw new IllegalArgumentException(
          values.length + " values do not fill shape " + Arrays.toString(shape));
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tensor t
        && Arrays.equals(shape, t.shape)
        && Arrays.equals(values, t.values);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(shape) + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "Tensor" + Arrays.toString(shape);
  }
}
