package etesian.operators.spectral;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import etesian.operators.Devices;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Owner of the matrices of {@link Axis} off the heap, in one floating-point type: each is made when
 * it is first needed and lives until {@link #close}, which also ends every {@link Expansion} of it.
 * Not safe for several threads at once.
 */
public final class Transforms implements AutoCloseable {
  private final NDManager owner = Devices.newManager();
  private final DataType type;
  private final Map<List<Object>, NDArray> cache = new HashMap<>();

  /**
   * @param type float32 or float64
   */
  public Transforms(DataType type) {
    if (type != DataType.FLOAT32 && type != DataType.FLOAT64) {
      throw new IllegalArgumentException("transforms in " + type + ", expected float32 or float64");
    }
    this.type = type;
  }

  public DataType type() {
    return type;
  }

  NDArray transform(Axis axis, int n) {
    return matrix(List.of("transform", axis, n), () -> axis.transform(n));
  }

  NDArray inverse(Axis axis, int n) {
    return matrix(List.of("inverse", axis, n), () -> axis.inverse(n));
  }

  NDArray derivative(Axis axis, int n, int order) {
    return matrix(List.of("derivative", axis, n, order), () -> axis.derivative(n, order));
  }

  NDArray integral(Axis axis, int n) {
    return matrix(List.of("integral", axis, n), () -> axis.integral(n));
  }

  NDArray resize(Axis axis, int from, int to) {
    return matrix(List.of("resize", axis, from, to), () -> axis.resize(from, to));
  }

  NDArray fromUniform(Axis axis, int points, int modes) {
    return matrix(
        List.of("from uniform", axis, points, modes), () -> axis.fromUniform(points, modes));
  }

  /** A matrix that whoever asks for it knows by this key. */
  NDArray matrix(List<Object> key, Supplier<double[][]> rows) {
    return array(
        key,
        () -> {
          double[][] matrix = rows.get();
          return owner.create(Matrices.flat(matrix), new Shape(matrix.length, matrix[0].length));
        });
  }

  /** Values at any places; made anew, as nobody knows how many there will be. */
  NDArray evaluate(Axis axis, int n, double[] x, NDManager manager) {
    return place(manager, Matrices.flat(axis.evaluate(n, x)), new Shape(x.length, n));
  }

  /** An array that whoever asks for it knows by this key. */
  NDArray array(List<Object> key, Shape shape, Supplier<double[]> values) {
    return array(key, () -> owner.create(values.get(), shape));
  }

  /** A new array of any shape that belongs to the manager, in the type of these transforms. */
  NDArray place(NDManager manager, double[] values, Shape shape) {
    try (NDArray exact = manager.create(values, shape)) {
      NDArray copy = exact.toType(type, true);
      copy.attach(manager);
      return copy;
    }
  }

  private NDArray array(List<Object> key, Supplier<NDArray> make) {
    return cache.computeIfAbsent(
        key,
        k ->
            Devices.withoutGradients(
                () -> {
                  try (NDArray exact = make.get()) {
                    NDArray array = exact.toType(type, true);
                    array.attach(owner);
                    NDScope.unregister(array); // outlives the work of whoever needed it first
                    return array;
                  }
                }));
  }

  @Override
  public void close() {
    owner.close();
  }
}
