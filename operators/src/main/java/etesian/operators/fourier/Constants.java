package etesian.operators.fourier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The matrices of a program, computed in float64. Layers between the same grids with the same modes
 * share a plan, that is a set of matrices.
 */
final class Constants {
  private final NDManager owner;
  private final DataType type;
  private final List<NDArray> arrays = new ArrayList<>();
  private final List<Object> plans = new ArrayList<>();
  private final List<Object> resizes = new ArrayList<>();

  Constants(NDManager owner, DataType type) {
    this.owner = owner;
    this.type = type;
  }

  /** All of them, named as the program wants them. */
  List<NDArray> arrays() {
    return arrays;
  }

  /**
   * Waves from one grid to another.
   *
   * @param kept frequencies per axis
   * @param placement as published, or right
   * @param complexData frequencies of both signs on all axes, not on all but the last
   * @return the number of the plan
   */
  int waves(int[] from, int[] to, int[] kept, Placement placement, boolean complexData) {
    List<Object> key = List.of(list(from), list(to), list(kept), placement, complexData);
    int known = plans.indexOf(key);
    if (known >= 0) {
      return known;
    }
    int plan = plans.size();
    plans.add(key);
    int last = from.length - 1;
    for (int axis = 0; axis < (complexData ? from.length : last); axis++) {
      int[] frequencies = Waves.around(kept[axis]);
      double[][] back = Waves.synthesis(frequencies, from[axis], to[axis], placement);
      put(plan, axis, frequencies, from[axis], back);
    }
    if (complexData) {
      return plan;
    }
    boolean clears = placement == Placement.LEGACY;
    double[][] back = Waves.realSynthesis(kept[last], from[last], to[last], placement, clears);
    put(plan, last, Waves.upwards(kept[last]), from[last], back);
    return plan;
  }

  /**
   * Three axes onto another grid, as published: as many waves as the smaller grid shows, but of an
   * odd number of them one more below zero than from zero on, and at the end of the larger
   * spectrum.
   *
   * @return the number of the plan
   */
  int resampling(int[] from, int[] to) {
    List<Object> key = List.of(list(from), list(to), "resampling");
    int known = plans.indexOf(key);
    if (known >= 0) {
      return known;
    }
    int plan = plans.size();
    plans.add(key);
    int last = from.length - 1;
    for (int axis = 0; axis < last; axis++) {
      int[] frequencies = Waves.below(Math.min(from[axis], to[axis]));
      double[][] back = Waves.synthesis(frequencies, to[axis], to[axis], Placement.LEGACY);
      put(plan, axis, frequencies, from[axis], back);
    }
    int kept = Math.min(from[last], to[last]) / 2 + 1;
    double[][] back = Waves.realSynthesis(kept, from[last], to[last], Placement.LEGACY, false);
    put(plan, last, Waves.upwards(kept), from[last], back);
    return plan;
  }

  /** The way to some frequencies of an axis, and the way back. */
  private void put(int plan, int axis, int[] frequencies, int from, double[][] back) {
    put(plan + ".to" + axis, Waves.analysis(frequencies, from, 1.0 / from));
    put(plan + ".from" + axis, back);
  }

  /**
   * Spherical harmonics from one grid to another.
   *
   * @return the number of the plan
   */
  int harmonics(SphereGrid grid, int[] from, int[] to, int degrees, int orders) {
    List<Object> key = List.of(grid, list(from), list(to), degrees, orders);
    int known = plans.indexOf(key);
    if (known >= 0) {
      return known;
    }
    int plan = plans.size();
    plans.add(key);
    double[][] rule = grid.rule(from[0]);
    double[] table = Harmonics.table(rule[0], degrees, orders);
    put(plan + ".to0", Harmonics.weighted(table, rule[1]), orders, degrees, from[0]);
    put(plan + ".to1", Waves.analysis(Waves.upwards(orders), from[1], 2 * Math.PI / from[1]));
    double[] back = Harmonics.table(grid.rule(to[0])[0], degrees, orders);
    put(plan + ".from0", Harmonics.transposed(back, degrees, to[0]), orders, to[0], degrees);
    put(plan + ".from1", Waves.realSynthesis(orders, to[1], to[1], Placement.EXACT, false));
    return plan;
  }

  /**
   * Another number of points, axis by axis.
   *
   * @return the number of this way
   */
  int resize(List<String> key, double[][]... matrices) {
    int known = resizes.indexOf(key);
    if (known >= 0) {
      return known;
    }
    int number = resizes.size();
    resizes.add(key);
    for (int axis = 0; axis < matrices.length; axis++) {
      put("resize" + number + "." + axis, matrices[axis]);
    }
    return number;
  }

  /** Positions j / n on each axis, as further channels of one sample. */
  void coordinates(int[] sizes) {
    long[] shape = new long[sizes.length + 2];
    shape[0] = 1;
    for (int axis = 0; axis < sizes.length; axis++) {
      shape[axis + 1] = sizes[axis];
    }
    shape[sizes.length + 1] = sizes.length;
    put("coordinates", positions(sizes), shape);
  }

  /** Shape (sizes..., axes), flat. */
  static double[] positions(int[] sizes) {
    int points = Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
    int axes = sizes.length;
    double[] values = new double[points * axes];
    int inner = points;
    for (int axis = 0; axis < axes; axis++) {
      inner /= sizes[axis];
      for (int i = 0; i < points; i++) {
        values[i * axes + axis] = (double) (i / inner % sizes[axis]) / sizes[axis];
      }
    }
    return values;
  }

  private void put(String name, double[][] matrix) {
    double[] flat = Arrays.stream(matrix).flatMapToDouble(Arrays::stream).toArray();
    put(name, flat, matrix.length, matrix[0].length);
  }

  private void put(String name, double[] values, long... shape) {
    try (NDArray borrowed = owner.create(values, new Shape(shape)); // of a buffer that may die
        NDArray exact = borrowed.duplicate()) {
      NDArray array = exact.toType(type, true);
      array.attach(owner);
      array.setName("c." + name);
      NDScope.unregister(array); // outlives the work of whoever needed it first
      arrays.add(array);
    }
  }

  private static List<Integer> list(int[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
