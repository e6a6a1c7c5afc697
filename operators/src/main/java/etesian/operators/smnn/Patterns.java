package etesian.operators.smnn;

import etesian.operators.Tensor;
import java.util.Random;

/**
 * The patterns in which a field varies most (empirical orthogonal functions), and how to read their
 * amplitudes from a field a and to add them up again:
 *
 * <pre>
 *   z_k = sum_c w_c e_kc a_c,   a_c ~ sum_k z_k e_kc,   sum_c w_c e_jc e_kc = 1 if j = k else 0
 * </pre>
 *
 * with w the weights of the cells. They are the leading eigenvectors of the covariance, found by
 * orthogonal iteration over times evenly spread through the series, so that memory and work stay
 * those of a few patterns on any grid.
 */
public final class Patterns {
  private static final int ITERATIONS = 30;
  private static final int MOST_VALUES = 10_000_000;
  private static final int LEAST_TIMES = 200;

  private final float[][] expand; // e, [pattern][cell]
  private final float[][] project; // w e

  private Patterns(float[][] expand, float[][] project) {
    this.expand = expand;
    this.project = project;
  }

  /**
   * The leading patterns of a series.
   *
   * @param series anomalies, [time][cell]; no NaN where a weight is positive
   * @param cellWeights one for each cell, 0 leaves a cell out
   * @param most how many at most; there are no more than cells that count
   */
  public static Patterns leading(float[][] series, double[] cellWeights, int most) {
    int cells = cellWeights.length;
    double[] root = new double[cells];
    int counting = 0;
    for (int c = 0; c < cells; c++) {
      root[c] = Math.sqrt(cellWeights[c]);
      counting += cellWeights[c] > 0 ? 1 : 0;
    }
    double[][] q = new double[Math.min(most, counting)][cells];
    Random random = new Random(1);
    for (double[] row : q) {
      for (int c = 0; c < cells; c++) {
        row[c] = cellWeights[c] > 0 ? random.nextGaussian() : 0;
      }
    }
    orthonormalise(q);
    int times = Math.min(series.length, Math.max(LEAST_TIMES, MOST_VALUES / cells));
    for (int i = 0; i < ITERATIONS; i++) {
      q = covarianceTimes(series, times, root, q);
      orthonormalise(q);
    }
    float[][] expand = new float[q.length][cells];
    float[][] project = new float[q.length][cells];
    for (int k = 0; k < q.length; k++) {
      for (int c = 0; c < cells; c++) {
        expand[k][c] = root[c] > 0 ? (float) (q[k][c] / root[c]) : 0;
        project[k][c] = (float) (q[k][c] * root[c]);
      }
    }
    return new Patterns(expand, project);
  }

  private static double[][] covarianceTimes(
      float[][] series, int times, double[] root, double[][] q) {
    double[][] image = new double[q.length][root.length];
    double[] field = new double[root.length];
    for (int i = 0; i < times; i++) {
      float[] at = series[(int) ((long) i * series.length / times)];
      for (int c = 0; c < field.length; c++) {
        field[c] = root[c] > 0 ? root[c] * at[c] : 0;
      }
      for (int k = 0; k < q.length; k++) {
        add(image[k], field, dot(q[k], field));
      }
    }
    return image;
  }

  /** Gram and Schmidt, twice for the digits; what is left of nothing becomes zeros. */
  private static void orthonormalise(double[][] rows) {
    for (int k = 0; k < rows.length; k++) {
      double before = Math.sqrt(dot(rows[k], rows[k]));
      for (int pass = 0; pass < 2; pass++) {
        for (int j = 0; j < k; j++) {
          add(rows[k], rows[j], -dot(rows[j], rows[k]));
        }
      }
      double norm = Math.sqrt(dot(rows[k], rows[k]));
      double factor = norm > 1e-12 * before ? 1 / norm : 0;
      for (int c = 0; c < rows[k].length; c++) {
        rows[k][c] *= factor;
      }
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int c = 0; c < a.length; c++) {
      sum += a[c] * b[c];
    }
    return sum;
  }

  private static void add(double[] target, double[] row, double factor) {
    for (int c = 0; c < target.length; c++) {
      target[c] += factor * row[c];
    }
  }

  /**
   * Those of a weights file.
   *
   * @param expand e, shape (patterns, cells)
   * @param project w e, likewise
   */
  static Patterns of(Tensor expand, Tensor project) {
    return new Patterns(rows(expand), rows(project));
  }

  private static float[][] rows(Tensor tensor) {
    int count = Math.toIntExact(tensor.shape()[0]);
    int cells = Math.toIntExact(tensor.shape()[1]);
    float[][] rows = new float[count][cells];
    for (int k = 0; k < count; k++) {
      System.arraycopy(tensor.values(), k * cells, rows[k], 0, cells);
    }
    return rows;
  }

  /** e as a tensor of shape (patterns, cells). */
  Tensor expand() {
    return tensor(expand);
  }

  /** w e as a tensor of shape (patterns, cells). */
  Tensor project() {
    return tensor(project);
  }

  private static Tensor tensor(float[][] rows) {
    float[] values = new float[rows.length * rows[0].length];
    for (int k = 0; k < rows.length; k++) {
      System.arraycopy(rows[k], 0, values, k * rows[k].length, rows[k].length);
    }
    return new Tensor(values, rows.length, rows[0].length);
  }

  /** How many there are. */
  public int count() {
    return expand.length;
  }

  int cells() {
    return expand[0].length;
  }

  /** Amplitudes of a field, shape (patterns). */
  public double[] amplitudes(float[] field) {
    double[] z = new double[count()];
    amplitudes(field, 0, z);
    return z;
  }

  /** Of the field that begins at {@code fields[from]}; cells that do not count may be NaN. */
  void amplitudes(float[] fields, int from, double[] z) {
    for (int k = 0; k < z.length; k++) {
      double sum = 0;
      for (int c = 0; c < project[k].length; c++) {
        sum += project[k][c] == 0 ? 0 : (double) project[k][c] * fields[from + c];
      }
      z[k] = sum;
    }
  }

  /** Adds the field of these amplitudes to the one that begins at {@code fields[from]}. */
  public void add(double[] z, float[] fields, int from) {
    for (int c = 0; c < cells(); c++) {
      double sum = 0;
      for (int k = 0; k < z.length; k++) {
        sum += z[k] * expand[k][c];
      }
      fields[from + c] += (float) sum;
    }
  }
}
