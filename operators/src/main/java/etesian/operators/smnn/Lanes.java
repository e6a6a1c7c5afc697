package etesian.operators.smnn;

/**
 * Arithmetic on lanes: element {@code i} of every array belongs to batch element {@code i} of the
 * block. Left factors of length 1 serve for all lanes.
 *
 * <p>The shape of the kernels is what the compiler of JDK 17 turns into vector instructions, found
 * by measuring: one output each, every array indexed with the bare loop variable, and at most seven
 * arrays (its limit on the size of a loop it unrolls). Longer sums are taken in pieces.
 */
final class Lanes {
  private Lanes() {}

  /** {@code out = base + sum of a[k] b[k], from <= k < to}; out may be base. */
  static void add(
      double[] out, double[] base, double[][] a, double[][] b, int from, int to, int n) {
    if (n == 1) {
      out[0] = base[0] + scalarProduct(a, b, from, to);
      return;
    }
    double[] sum = base;
    boolean shared = from < to && a[from].length == 1;
    int k = from;
    while (k < to) {
      int take = shared ? 1 : Math.min(to - k, sum == out ? 3 : 2);
      if (shared) {
        scaledAdd(out, sum, a[k][0], b[k], n);
      } else if (take == 3) {
        add3(out, a[k], b[k], a[k + 1], b[k + 1], a[k + 2], b[k + 2], n);
      } else if (take == 2) {
        add2(out, sum, a[k], b[k], a[k + 1], b[k + 1], n);
      } else {
        add1(out, sum, a[k], b[k], n);
      }
      sum = out;
      k += take;
    }
    if (sum != out) {
      System.arraycopy(base, 0, out, 0, n);
    }
  }

  /** {@code out = base - sum of a[k] b[k], from <= k < to}; out may be base. */
  static void subtract(
      double[] out, double[] base, double[][] a, double[][] b, int from, int to, int n) {
    if (n == 1) {
      out[0] = base[0] - scalarProduct(a, b, from, to);
      return;
    }
    double[] rest = base;
    boolean shared = from < to && a[from].length == 1;
    int k = from;
    while (k < to) {
      int take = shared ? 1 : Math.min(to - k, rest == out ? 3 : 2);
      if (shared) {
        scaledAdd(out, rest, -a[k][0], b[k], n);
      } else if (take == 3) {
        subtract3(out, a[k], b[k], a[k + 1], b[k + 1], a[k + 2], b[k + 2], n);
      } else if (take == 2) {
        subtract2(out, rest, a[k], b[k], a[k + 1], b[k + 1], n);
      } else {
        subtract1(out, rest, a[k], b[k], n);
      }
      rest = out;
      k += take;
    }
    if (rest != out) {
      System.arraycopy(base, 0, out, 0, n);
    }
  }

  /**
   * One row of a triangular solve: {@code out = scale (base - sum of a[k] b[k], from <= k < to)};
   * out may be base.
   */
  static void solveRow(
      double[] out,
      double[] base,
      double[][] a,
      double[][] b,
      int from,
      int to,
      double[] scale,
      int n) {
    if (n == 1) {
      out[0] = (base[0] - scalarProduct(a, b, from, to)) * scale[0];
      return;
    }
    if (scale.length == 1) {
      subtract(out, base, a, b, from, to, n);
      scale(out, out, scale[0], n);
      return;
    }
    int last = Math.max(from, to - 2);
    double[] rest = base;
    if (last > from) {
      subtract(out, base, a, b, from, last, n);
      rest = out;
    }
    if (to - last == 2) {
      solveRow2(out, rest, a[last], b[last], a[last + 1], b[last + 1], scale, n);
    } else if (to - last == 1) {
      solveRow1(out, rest, a[last], b[last], scale, n);
    } else {
      product(out, rest, scale, n);
    }
  }

  /** {@code out = base - sum of a[k]^2, from <= k < to}; out may be base. */
  static void subtractSquares(double[] out, double[] base, double[][] a, int from, int to, int n) {
    double[] rest = base;
    int k = from;
    for (; k + 3 <= to; k += 3) {
      subtractSquares3(out, rest, a[k], a[k + 1], a[k + 2], n);
      rest = out;
    }
    for (; k < to; k++) {
      subtract1(out, rest, a[k], a[k], n);
      rest = out;
    }
    if (rest != out) {
      System.arraycopy(base, 0, out, 0, n);
    }
  }

  private static double scalarProduct(double[][] a, double[][] b, int from, int to) {
    double sum = 0;
    for (int k = from; k < to; k++) {
      sum += a[k][0] * b[k][0];
    }
    return sum;
  }

  /** {@code out = base + a b}. */
  static void add1(double[] out, double[] base, double[] a, double[] b, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = base[i] + a[i] * b[i];
    }
  }

  private static void add2(
      double[] out, double[] base, double[] a, double[] b, double[] c, double[] d, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = base[i] + a[i] * b[i] + c[i] * d[i];
    }
  }

  /** {@code out += a b + c d + e f}. */
  private static void add3(
      double[] out, double[] a, double[] b, double[] c, double[] d, double[] e, double[] f, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = out[i] + a[i] * b[i] + c[i] * d[i] + e[i] * f[i];
    }
  }

  private static void subtract1(double[] out, double[] base, double[] a, double[] b, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = base[i] - a[i] * b[i];
    }
  }

  private static void subtract2(
      double[] out, double[] base, double[] a, double[] b, double[] c, double[] d, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = base[i] - a[i] * b[i] - c[i] * d[i];
    }
  }

  /** {@code out += a b - c d}. */
  static void exchange(double[] out, double[] a, double[] b, double[] c, double[] d, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = out[i] + a[i] * b[i] - c[i] * d[i];
    }
  }

  /** {@code out -= a b + c d + e f}. */
  private static void subtract3(
      double[] out, double[] a, double[] b, double[] c, double[] d, double[] e, double[] f, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = out[i] - a[i] * b[i] - c[i] * d[i] - e[i] * f[i];
    }
  }

  private static void subtractSquares3(
      double[] out, double[] base, double[] a, double[] b, double[] c, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = base[i] - a[i] * a[i] - b[i] * b[i] - c[i] * c[i];
    }
  }

  /** {@code out = scale (base - a b)}. */
  private static void solveRow1(
      double[] out, double[] base, double[] a, double[] b, double[] scale, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = (base[i] - a[i] * b[i]) * scale[i];
    }
  }

  /** {@code out = scale (base - a b - c d)}. */
  private static void solveRow2(
      double[] out,
      double[] base,
      double[] a,
      double[] b,
      double[] c,
      double[] d,
      double[] scale,
      int n) {
    for (int i = 0; i < n; i++) {
      out[i] = (base[i] - a[i] * b[i] - c[i] * d[i]) * scale[i];
    }
  }

  /** {@code out = a b}. */
  static void product(double[] out, double[] a, double[] b, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = a[i] * b[i];
    }
  }

  /** {@code out = factor a}. */
  static void scale(double[] out, double[] a, double factor, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = factor * a[i];
    }
  }

  /** {@code out = base + factor a}. */
  static void scaledAdd(double[] out, double[] base, double factor, double[] a, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = base[i] + factor * a[i];
    }
  }

  /** {@code out = p a + q b}. */
  static void combine(double[] out, double p, double[] a, double q, double[] b, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = p * a[i] + q * b[i];
    }
  }

  /** {@code out += sum of factors[k] a[k]}. */
  static void addCombination(double[] out, double[] factors, double[][] a, int at, int n) {
    int k = 0;
    for (; k + 3 <= factors.length; k += 3) {
      double p = factors[k];
      double q = factors[k + 1];
      double r = factors[k + 2];
      combination3(out, p, a[at + k], q, a[at + k + 1], r, a[at + k + 2], n);
    }
    for (; k < factors.length; k++) {
      scaledAdd(out, out, factors[k], a[at + k], n);
    }
  }

  private static void combination3(
      double[] out, double p, double[] a, double q, double[] b, double r, double[] c, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = out[i] + p * a[i] + q * b[i] + r * c[i];
    }
  }

  /** {@code out = a + b}. */
  static void sum(double[] out, double[] a, double[] b, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = a[i] + b[i];
    }
  }

  /** {@code out = 1 / sqrt(a)}. */
  static void inverseRoot(double[] out, double[] a, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = 1 / Math.sqrt(a[i]);
    }
  }

  static double[][] matrix(int rows, int lanes) {
    return new double[rows][lanes];
  }

  /** Rows of a lower triangle with its diagonal. */
  static double[][][] triangle(int n, int lanes) {
    double[][][] rows = new double[n][][];
    for (int i = 0; i < n; i++) {
      rows[i] = new double[i + 1][lanes];
    }
    return rows;
  }
}
