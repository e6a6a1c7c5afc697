package etesian.operators.training;

import etesian.operators.Tensor;
import java.util.Arrays;

/**
 * Pairs of input and target, on the heap.
 *
 * @param input shape (n, inputChannels, rows, columns); no NaN
 * @param target shape (n, outputChannels, rows, columns); NaN only where the loss has no weight
 */
public record Samples(Tensor input, Tensor target) {
  public Samples {
    long[] in = input.shape();
    long[] out = target.shape();
    if (in.length != 4
        || out.length != 4
        || in[0] != out[0]
        || in[2] != out[2]
        || in[3] != out[3]) {
      throw new IllegalArgumentException(
          String.format(
              "input of shape %s and target of shape %s, expected (n, channels, rows, columns) "
                  + "that differ in channels only",
              Arrays.toString(in), Arrays.toString(out)));
    }
  }

  public int size() {
    return (int) input.shape()[0];
  }

  /** A copy of the pairs at these positions. */
  Samples select(int[] order, int from, int to) {
    return new Samples(select(input, order, from, to), select(target, order, from, to));
  }

  /** Tells pairs from others of the same shape. */
  int fingerprint() {
    return 31 * Arrays.hashCode(input.values()) + Arrays.hashCode(target.values());
  }

  private static Tensor select(Tensor all, int[] order, int from, int to) {
    long[] shape = all.shape().clone();
    int length = shape[0] == 0 ? 0 : (int) (all.values().length / shape[0]);
    float[] values = new float[(to - from) * length];
    for (int i = from; i < to; i++) {
      System.arraycopy(all.values(), order[i] * length, values, (i - from) * length, length);
    }
    shape[0] = (long) to - from;
    return new Tensor(values, shape);
  }
}
