package etesian.operators.fourier;

import java.util.List;

/**
 * How large the factors of a tensor are that keep a share of its parameters, as the tensor library
 * of the published program has it.
 */
final class Ranks {
  private Ranks() {}

  /** c^n P + c S = share P, with P the product and S the sum of squares of the n sizes. */
  static long[] tucker(List<Integer> sizes, double share) {
    double product = product(sizes);
    double squares = sizes.stream().mapToDouble(s -> (double) s * s).sum();
    double low = 0;
    double high = Math.max(share, 1);
    for (int i = 0; i < 200; i++) {
      double c = (low + high) / 2;
      if (Math.pow(c, sizes.size()) * product + c * squares < share * product) {
        low = c;
      } else {
        high = c;
      }
    }
    double c = high;
    return sizes.stream().mapToLong(s -> atLeastOne(c * s)).toArray();
  }

  static long cp(List<Integer> sizes, double share) {
    double sum = sizes.stream().mapToInt(s -> s).sum();
    return atLeastOne(share * product(sizes) / sum);
  }

  /**
   * Ranks between neighbouring axes, in proportion to the mean of their sizes: a c^2 + b c = share
   * P. With one at both ends.
   */
  static long[] train(List<Integer> sizes, double share) {
    int n = sizes.size();
    double[] mean = new double[n - 1];
    for (int i = 0; i < n - 1; i++) {
      mean[i] = (sizes.get(i) + sizes.get(i + 1)) / 2.0;
    }
    double a = 0;
    for (int i = 1; i < n - 1; i++) {
      a += mean[i - 1] * sizes.get(i) * mean[i];
    }
    double b = sizes.get(0) * mean[0] + sizes.get(n - 1) * mean[n - 2];
    double kept = share * product(sizes);
    double c = a == 0 ? kept / b : (Math.sqrt(b * b + 4 * a * kept) - b) / (2 * a);
    long[] ranks = new long[n + 1];
    ranks[0] = 1;
    ranks[n] = 1;
    for (int i = 0; i < n - 1; i++) {
      ranks[i + 1] = atLeastOne(c * mean[i]);
    }
    return ranks;
  }

  private static double product(List<Integer> sizes) {
    return sizes.stream().mapToDouble(s -> s).reduce(1, (x, y) -> x * y);
  }

  private static long atLeastOne(double rank) {
    return Math.max(1, (long) Math.rint(rank));
  }
}
