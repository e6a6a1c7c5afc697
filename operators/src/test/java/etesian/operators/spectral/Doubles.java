package etesian.operators.spectral;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import etesian.operators.Devices;
import java.util.Arrays;
import java.util.Random;

/** Arrays in float64 for one test, freed at its end. */
final class Doubles implements AutoCloseable {
  /** A function of a point of the unit box. */
  interface Function {
    double at(double... x);
  }

  final Transforms transforms = new Transforms(DataType.FLOAT64);
  final NDManager scope = Devices.newManager();
  private final NDScope temporaries = new NDScope();

  Doubles() {
    Devices.setThreads(1);
    temporaries.suppressNotUsedWarning();
  }

  /** The interpolant of a function; trailing axes: one sample, one channel. */
  Expansion of(String basis, Function function, int... modes) {
    Basis axes = Basis.of(basis);
    int all = Arrays.stream(modes).reduce(1, (a, b) -> a * b);
    double[] values = new double[all];
    for (int i = 0; i < all; i++) {
      double[] x = new double[modes.length];
      int inner = all;
      for (int axis = 0; axis < modes.length; axis++) {
        inner /= modes[axis];
        x[axis] = axes.axes().get(axis).points(modes[axis])[i / inner % modes[axis]];
      }
      values[i] = function.at(x);
    }
    return Expansion.transform(transforms, axes, array(values, modes));
  }

  /** Coefficients between -1 and 1. */
  Expansion random(String basis, long seed, int... modes) {
    Random random = new Random(seed);
    double[] values = random.doubles(Arrays.stream(modes).reduce(1, (a, b) -> a * b)).toArray();
    Arrays.setAll(values, i -> 2 * values[i] - 1);
    return Expansion.of(transforms, Basis.of(basis), array(values, modes));
  }

  private NDArray array(double[] values, int... modes) {
    long[] shape = new long[modes.length + 2];
    Arrays.fill(shape, 1);
    for (int axis = 0; axis < modes.length; axis++) {
      shape[axis] = modes[axis];
    }
    return scope.create(values, new Shape(shape));
  }

  /** Random places of the box. */
  static double[][] points(int count, int dimensions, long seed) {
    Random random = new Random(seed);
    double[][] points = new double[count][];
    Arrays.setAll(points, i -> random.doubles(dimensions).toArray());
    return points;
  }

  static double[] values(Function function, double[][] points) {
    return Arrays.stream(points).mapToDouble(function::at).toArray();
  }

  static double greatest(NDArray array) {
    return Arrays.stream(array.toDoubleArray()).map(Math::abs).max().orElseThrow();
  }

  @Override
  public void close() {
    temporaries.close();
    scope.close();
    transforms.close();
  }
}
