package etesian.operators.smnn;

/**
 * Arithmetic on lanes: element {@code i} of every array belongs to batch element {@code i} of the
 * block. Each loop indexes all its arrays with the bare loop variable, which is what lets the
 * compiler vectorise it. Left factors of length 1 serve for all lanes.
 */
final class Lanes {
  private Lanes() {}

  /** {@code out = base + sum of a[k] b[k], from <= k < to}; out may be base. */
  static void dot(
      double[] out, double[] base, double[][] a, double[][] b, int from, int to, int n) {
    if (from >= to) {
      if (out != base) {
        System.arraycopy(base, 0, out, 0, n);
      }
      return;
    }
    boolean shared = a[from].length == 1 && n > 1;
    double[] sum = base;
    int k = from;
    for (; k + 3 <= to; k += 3) {
      if (shared) {
        scalar3(out, sum, a[k][0], b[k], a[k + 1][0], b[k + 1], a[k + 2][0], b[k + 2], n);
      } else {
        dot3(out, sum, a[k], b[k], a[k + 1], b[k + 1], a[k + 2], b[k + 2], n);
      }
      sum = out;
    }
    if (k + 2 == to) {
      if (shared) {
        scalar2(out, sum, a[k][0], b[k], a[k + 1][0], b[k + 1], n);
      } else {
        dot2(out, sum, a[k], b[k], a[k + 1], b[k + 1], n);
      }
    } else if (k + 1 == to) {
      if (shared) {
        scalar1(out, sum, a[k][0], b[k], n);
      } else {
        dot1(out, sum, a[k], b[k], n);
      }
    }
  }

  private static void dot1(double[] out, double[] base, double[] a, double[] b, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = base[i] + a[i] * b[i];
    }
  }

  private static void dot2(
      double[] out, double[] base, double[] a, double[] b, double[] c, double[] d, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = base[i] + a[i] * b[i] + c[i] * d[i];
    }
  }

  private static void dot3(
      double[] out,
      double[] base,
      double[] a,
      double[] b,
      double[] c,
      double[] d,
      double[] e,
      double[] f,
      int n) {
    for (int i = 0; i < n; i++) {
      out[i] = base[i] + a[i] * b[i] + c[i] * d[i] + e[i] * f[i];
    }
  }

  /** {@code out = base + a b}. */
  static void scalar1(double[] out, double[] base, double a, double[] b, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = base[i] + a * b[i];
    }
  }

  private static void scalar2(
      double[] out, double[] base, double a, double[] b, double c, double[] d, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = base[i] + a * b[i] + c * d[i];
    }
  }

  private static void scalar3(
      double[] out,
      double[] base,
      double a,
      double[] b,
      double c,
      double[] d,
      double e,
      double[] f,
      int n) {
    for (int i = 0; i < n; i++) {
      out[i] = base[i] + a * b[i] + c * d[i] + e * f[i];
    }
  }

  /** {@code out = factor a b}; a of length 1 serves for all lanes. */
  static void product(double[] out, double factor, double[] a, double[] b, int n) {
    if (a.length == 1 && n > 1) {
      double scalar = factor * a[0];
      for (int i = 0; i < n; i++) {
        out[i] = scalar * b[i];
      }
      return;
    }
    for (int i = 0; i < n; i++) {
      out[i] = factor * a[i] * b[i];
    }
  }

  /** {@code out = p a + q b}. */
  static void combine(double[] out, double p, double[] a, double q, double[] b, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = p * a[i] + q * b[i];
    }
  }

  static void add(double[] out, double[] a, int n) {
    for (int i = 0; i < n; i++) {
      out[i] += a[i];
    }
  }

  static void inverse(double[] out, double[] a, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = 1 / a[i];
    }
  }

  /** {@code out[lane] = factor values[offsets[from + lane] + at]}. */
  static void gather(
      double[] out, double factor, double[] values, int[] offsets, int from, int at, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = factor * values[offsets[from + i] + at];
    }
  }

  /** {@code values[offsets[from + lane] + at] += factor a[lane]}: sums over shared places. */
  static void scatterAdd(
      double[] values, int[] offsets, int from, int at, double factor, double[] a, int n) {
    for (int i = 0; i < n; i++) {
      values[offsets[from + i] + at] += factor * a[i];
    }
  }

  static double[][] matrix(int rows, int lanes) {
    return new double[rows][lanes];
  }
}
