package etesian.operators.m2no;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Low-pass filters of the multiwavelets of Alpert et al.: how k scaling functions on a half
 * interval sum up to k on the whole, in float64.
 *
 * <pre>
 *   H0[i,j] = 1/sqrt(2) sum_m w_m phi_i( x_m/2      ) phi_j(x_m)
 *   H1[i,j] = 1/sqrt(2) sum_m w_m phi_i((x_m + 1)/2 ) phi_j(x_m)
 * </pre>
 *
 * with the Gauss nodes x_m and weights w_m of the base on [0, 1]. For Legendre H = [H0 | H1] has
 * orthonormal rows; for Chebyshev it has not (k above 1), as in the published program.
 */
public final class Multiwavelets {
  /** Smaller entries are rounding noise of exact zeros. */
  private static final double ZERO = 1e-8;

  private Multiwavelets() {}

  /**
   * [H0 | H1].
   *
   * @param k number of scaling functions, at least 1
   * @return shape (k, 2k)
   */
  public static double[][] lowPass(Base base, int k) {
    if (k < 1) {
      throw new IllegalArgumentException("k = " + k + ", a multiwavelet needs k >= 1");
    }
    double[][] nodesAndWeights = base == Base.LEGENDRE ? gaussLegendre(k) : gaussChebyshev(2 * k);
    double[] nodes = nodesAndWeights[0];
    double[] weights = nodesAndWeights[1];
    double[][] h = new double[k][2 * k];
    for (int m = 0; m < nodes.length; m++) {
      double[] coarse0 = scaling(base, k, nodes[m] / 2);
      double[] coarse1 = scaling(base, k, (nodes[m] + 1) / 2);
      double[] fine = scaling(base, k, nodes[m]);
      for (int i = 0; i < k; i++) {
        for (int j = 0; j < k; j++) {
          h[i][j] += Math.sqrt(0.5) * weights[m] * coarse0[i] * fine[j];
          h[i][k + j] += Math.sqrt(0.5) * weights[m] * coarse1[i] * fine[j];
        }
      }
    }
    for (double[] row : h) {
      for (int j = 0; j < row.length; j++) {
        row[j] = Math.abs(row[j]) < ZERO ? 0 : row[j];
      }
    }
    return h;
  }

  /**
   * The orthonormal complement of the Legendre low-pass filter: [H; G] loses nothing.
   *
   * <pre>  g_i = normalise( e_i - projection of e_i on the rows of H and g_0..g_{i-1} ),  i below k
   * </pre>
   *
   * with unit vectors e_i. The published G is not orthogonal to H and is read by nobody there.
   *
   * @return shape (k, 2k)
   */
  public static double[][] highPass(int k) {
    List<double[]> rows = new ArrayList<>(List.of(lowPass(Base.LEGENDRE, k)));
    for (int i = 0; i < k; i++) {
      double[] g = new double[2 * k];
      g[i] = 1;
      for (int pass = 0; pass < 2; pass++) { // once more against rounding
        for (double[] row : rows) {
          double share = dot(g, row);
          Arrays.setAll(g, j -> g[j] - share * row[j]);
        }
      }
      double length = Math.sqrt(dot(g, g));
      Arrays.setAll(g, j -> g[j] / length);
      rows.add(g);
    }
    return rows.subList(k, 2 * k).toArray(double[][]::new);
  }

  /**
   * The filter for two axes, [H0 x H0 | H0 x H1 | H1 x H0 | H1 x H1] with Kronecker products, whose
   * first factor is the slow index.
   *
   * @return shape (k^2, 4 k^2)
   */
  public static double[][] lowPass2d(Base base, int k) {
    double[][] h = lowPass(base, k);
    return product(h, h);
  }

  /**
   * The complement for two axes: H x G, G x H and G x G below each other, each arranged as {@link
   * #lowPass2d}.
   *
   * @return shape (3 k^2, 4 k^2)
   */
  public static double[][] highPass2d(int k) {
    double[][] h = lowPass(Base.LEGENDRE, k);
    double[][] g = highPass(k);
    return Stream.of(product(h, g), product(g, h), product(g, g))
        .flatMap(Arrays::stream)
        .toArray(double[][]::new);
  }

  private static double[][] product(double[][] slowFilter, double[][] fastFilter) {
    int k = slowFilter.length;
    int modes = k * k;
    double[][] product = new double[modes][4 * modes];
    for (int i = 0; i < modes; i++) {
      for (int j = 0; j < 4 * modes; j++) {
        int band = j / modes;
        int slow = k * (band / 2) + j % modes / k;
        int fast = k * (band % 2) + j % k;
        product[i][j] = slowFilter[i / k][slow] * fastFilter[i % k][fast];
      }
    }
    return product;
  }

  private static double dot(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
  }

  /** Values of the k scaling functions at x in [0, 1], by the three-term recurrence. */
  private static double[] scaling(Base base, int k, double x) {
    double t = 2 * x - 1;
    double[] polynomial = new double[k];
    for (int i = 0; i < k; i++) {
      if (i == 0) {
        polynomial[i] = 1;
      } else if (i == 1) {
        polynomial[i] = t;
      } else if (base == Base.LEGENDRE) {
        polynomial[i] = ((2 * i - 1) * t * polynomial[i - 1] - (i - 1) * polynomial[i - 2]) / i;
      } else {
        polynomial[i] = 2 * t * polynomial[i - 1] - polynomial[i - 2];
      }
    }
    for (int i = 0; i < k; i++) {
      polynomial[i] *=
          base == Base.LEGENDRE ? Math.sqrt(2 * i + 1) : Math.sqrt((i == 0 ? 2 : 4) / Math.PI);
    }
    return polynomial;
  }

  /** Nodes and weights on [0, 1], exact for polynomials up to degree 2n - 1. */
  private static double[][] gaussLegendre(int n) {
    double[][] rule = new double[2][n];
    for (int m = 0; m < n; m++) {
      double t = Math.cos(Math.PI * (m + 0.75) / (n + 0.5)); // close enough for Newton to converge
      double slope = 0;
      for (int step = 0; step < 8; step++) {
        double previous = 0;
        double value = 1;
        for (int i = 1; i <= n; i++) {
          double next = ((2 * i - 1) * t * value - (i - 1) * previous) / i;
          previous = value;
          value = next;
        }
        slope = n * (previous - t * value) / (1 - t * t);
        t -= value / slope;
      }
      rule[0][m] = (t + 1) / 2;
      rule[1][m] = 1 / ((1 - t * t) * slope * slope);
    }
    return rule;
  }

  /** Nodes and equal weights for the weight function 1 / sqrt(1 - (2x - 1)^2) on [0, 1]. */
  private static double[][] gaussChebyshev(int n) {
    double[][] rule = new double[2][n];
    for (int m = 0; m < n; m++) {
      rule[0][m] = (Math.cos(Math.PI * (2 * m + 1) / (2 * n)) + 1) / 2;
      rule[1][m] = Math.PI / (2 * n);
    }
    return rule;
  }
}
