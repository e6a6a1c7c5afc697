package etesian.operators.spectral;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import etesian.operators.Devices;
import java.util.Arrays;
import java.util.List;

/**
 * Functions on the unit box by their coefficients in a {@link Basis}:
 *
 * <pre>  u(x)[c] = sum over k of coefficients[k_1, ..., k_d, c] f_{k_1}(x_1) ... f_{k_d}(x_d)
 * </pre>
 *
 * The first d axes of the coefficients are the modes; any axes may follow (samples, channels), and
 * the same is done to each. Axes are counted from 0. Nothing is changed in place, and every result
 * is differentiable in what it was made from. Arrays belong to the manager of the coefficients.
 */
public final class Expansion {
  private final Transforms transforms;
  private final Basis basis;
  private final NDArray coefficients;

  private Expansion(Transforms transforms, Basis basis, NDArray coefficients) {
    this.transforms = transforms;
    this.basis = basis;
    this.coefficients = coefficients;
  }

  /**
   * @param coefficients shape (n_1, ..., n_d, ...), in the type of the transforms
   */
  public static Expansion of(Transforms transforms, Basis basis, NDArray coefficients) {
    long[] shape = coefficients.getShape().getShape().clone();
    boolean fits = shape.length >= basis.dimensions();
    for (int axis = 0; fits && axis < basis.dimensions(); axis++) {
      fits = shape[axis] >= basis.axes().get(axis).fewest();
    }
    if (!fits || coefficients.getDataType() != transforms.type()) {
      throw new IllegalArgumentException(
          String.format(
              "coefficients %s of %s, expected %s and the modes of the %d axes %s first, at least"
                  + " 1 of F and 2 of C",
              coefficients.getShape(),
              coefficients.getDataType(),
              transforms.type(),
              basis.dimensions(),
              basis));
    }
    return new Expansion(transforms, basis, coefficients);
  }

  /** The same from the heap. */
  public static Expansion of(
      Transforms transforms, Basis basis, NDManager manager, double[] values, long... shape) {
    return of(transforms, basis, transforms.place(manager, values, new Shape(shape)));
  }

  /**
   * The function that has these values at the points of the axes.
   *
   * @param values shape (n_1, ..., n_d, ...)
   */
  public static Expansion transform(Transforms transforms, Basis basis, NDArray values) {
    NDArray result = values;
    for (int axis = 0; axis < basis.dimensions(); axis++) {
      int n = (int) values.getShape().get(axis);
      result = along(result, axis, transforms.transform(basis.axes().get(axis), n));
    }
    return of(transforms, basis, result);
  }

  public Basis basis() {
    return basis;
  }

  /** Shape (n_1, ..., n_d, ...). */
  public NDArray coefficients() {
    return coefficients;
  }

  /** Of an axis. */
  public int modes(int axis) {
    return (int) coefficients.getShape().get(axis);
  }

  /** Of every axis. */
  public int[] modes() {
    int[] modes = new int[basis.dimensions()];
    Arrays.setAll(modes, this::modes);
    return modes;
  }

  /** Values at the {@link Axis#points}, shape (n_1, ..., n_d, ...). */
  public NDArray values() {
    NDArray result = coefficients;
    for (int axis = 0; axis < basis.dimensions(); axis++) {
      result = along(result, axis, transforms.inverse(basis.axes().get(axis), modes(axis)));
    }
    return result;
  }

  /**
   * The derivative of an order along one axis. Fourier with an even number of modes: odd orders
   * lose the highest cosine, whose derivative has no coefficient.
   */
  public Expansion derivative(int axis, int order) {
    return apply(axis, transforms.derivative(basis.axes().get(axis), modes(axis), order));
  }

  /** An antiderivative along one axis; see {@link Axis} for its constant. */
  public Expansion integral(int axis) {
    return apply(axis, transforms.integral(basis.axes().get(axis), modes(axis)));
  }

  /** The same function with more modes, zeros in the new ones; or without its higher modes. */
  public Expansion resize(int... modes) {
    if (modes.length != basis.dimensions()) {
      throw new IllegalArgumentException(
          "modes " + Arrays.toString(modes) + " of the basis " + basis);
    }
    Expansion result = this;
    for (int axis = 0; axis < modes.length; axis++) {
      if (modes[axis] != modes(axis)) {
        Axis kind = basis.axes().get(axis);
        result = result.apply(axis, transforms.resize(kind, modes(axis), modes[axis]));
      }
    }
    return result;
  }

  /** The sum, with the larger number of modes on each axis. */
  public Expansion plus(Expansion other) {
    int[] modes = largest(other);
    return with(resize(modes).coefficients.add(other.resize(modes).coefficients));
  }

  /** The difference, with the larger number of modes on each axis. */
  public Expansion minus(Expansion other) {
    return plus(other.times(-1));
  }

  public Expansion times(double factor) {
    return with(coefficients.mul(Devices.number(coefficients, factor)));
  }

  /** The product, free of aliasing: it has the modes of both factors together on each axis. */
  public Expansion times(Expansion other) {
    int[] modes = modes();
    for (int axis = 0; axis < modes.length; axis++) {
      modes[axis] += other.modes(axis);
    }
    return transform(transforms, basis, resize(modes).values().mul(other.resize(modes).values()));
  }

  /** The product at the points of the larger number of modes, with aliasing. */
  public Expansion collocated(Expansion other) {
    int[] modes = largest(other);
    return transform(transforms, basis, resize(modes).values().mul(other.resize(modes).values()));
  }

  /** The sum with a constant. */
  public Expansion plus(double constant) {
    long[] shape = coefficients.getShape().getShape().clone();
    Arrays.fill(shape, basis.dimensions(), shape.length, 1);
    NDArray one =
        transforms.array(
            List.of("one", new Shape(shape)),
            new Shape(shape),
            () -> {
              double[] values = new double[(int) new Shape(shape).size()];
              values[0] = 1; // both bases begin with the constant
              return values;
            });
    NDArray shift = one.mul(constant);
    shift.attach(coefficients.getManager()); // not to the long-lived owner of one
    return with(coefficients.add(shift));
  }

  /**
   * Values on a product of coordinates, at any place of the box; the cost of a network does not
   * depend on it.
   *
   * @param coordinates of each axis, in [0, 1]
   * @return shape (coordinates_1, ..., coordinates_d, ...)
   */
  public NDArray on(double[]... coordinates) {
    checkAxes(coordinates.length);
    NDArray result = coefficients;
    for (int axis = 0; axis < coordinates.length; axis++) {
      result =
          along(
              result,
              axis,
              transforms.evaluate(
                  basis.axes().get(axis),
                  modes(axis),
                  coordinates[axis],
                  coefficients.getManager()));
    }
    return result;
  }

  /**
   * Values on a uniform grid that includes both ends of every axis: those of the function itself,
   * so equal at the points that two grids share.
   */
  public NDArray onUniform(int... points) {
    double[][] coordinates = new double[points.length][];
    Arrays.setAll(coordinates, axis -> linspace(points[axis]));
    return on(coordinates);
  }

  /**
   * The same as the published program has it: of Fourier axes only what a grid of points - 1 can
   * hold, so a coarse grid shows a smoother function.
   */
  public NDArray onUniformBandLimited(int... points) {
    checkAxes(points.length);
    int[] modes = modes();
    for (int axis = 0; axis < modes.length; axis++) {
      modes[axis] = basis.axes().get(axis) == Axis.FOURIER ? points[axis] - 1 : modes[axis];
    }
    return resize(modes).onUniform(points);
  }

  /**
   * Values at single points.
   *
   * @param points shape (points, d), in [0, 1]
   * @return shape (points, ...)
   */
  public NDArray at(double[]... points) {
    int all = Arrays.stream(modes()).reduce(1, Math::multiplyExact);
    double[] products = new double[points.length * all];
    Arrays.fill(products, 1);
    for (int p = 0; p < points.length; p++) {
      checkAxes(points[p].length);
      int inner = all;
      for (int axis = 0; axis < basis.dimensions(); axis++) {
        int n = modes(axis);
        inner /= n;
        double[] functions = basis.axes().get(axis).evaluate(n, new double[] {points[p][axis]})[0];
        for (int i = 0; i < all; i++) {
          products[p * all + i] *= functions[i / inner % n];
        }
      }
    }
    NDManager manager = coefficients.getManager();
    NDArray matrix = transforms.place(manager, products, new Shape(points.length, all));
    long rest = coefficients.size() / all;
    long[] shape = coefficients.getShape().getShape().clone();
    long[] result = new long[shape.length - basis.dimensions() + 1];
    System.arraycopy(shape, basis.dimensions(), result, 1, result.length - 1);
    result[0] = points.length;
    return matrix.matMul(coefficients.reshape(all, rest)).reshape(new Shape(result));
  }

  /**
   * The function psi of zero mean with Lap psi = this without its mean, over Fourier axes:
   *
   * <pre>  psi_k = - u_k / sum over axes of (2 pi k / length)^2,    psi_0 = 0  </pre>
   *
   * @param axes of space
   * @param lengths of the box along them, as the axes themselves are 1 long
   */
  public Expansion inverseLaplacian(List<Integer> axes, List<Double> lengths) {
    long[] shape = new long[coefficients.getShape().dimension()];
    Arrays.fill(shape, 1);
    for (int axis : axes) {
      if (basis.axes().get(axis) != Axis.FOURIER) {
        throw new IllegalArgumentException("axis " + axis + " of " + basis + " is not Fourier");
      }
      shape[axis] = modes(axis);
    }
    List<Object> key = List.of("inverse Laplacian", axes, lengths, new Shape(shape));
    NDArray factors =
        transforms.array(key, new Shape(shape), () -> inverseSymbol(axes, lengths, shape));
    return with(coefficients.mul(factors));
  }

  private static double[] inverseSymbol(List<Integer> axes, List<Double> lengths, long[] shape) {
    double[] factors = new double[(int) new Shape(shape).size()];
    for (int i = 0; i < factors.length; i++) {
      double square = 0;
      int inner = factors.length;
      for (int a = 0; a < axes.size(); a++) {
        int n = (int) shape[axes.get(a)];
        inner /= n;
        int e = i / inner % n;
        square += Math.pow(2 * Math.PI * Math.min(e, n - e) / lengths.get(a), 2);
      }
      factors[i] = square == 0 ? 0 : -1 / square;
    }
    return factors;
  }

  private int[] largest(Expansion other) {
    if (!basis.equals(other.basis)) {
      throw new IllegalArgumentException("bases " + basis + " and " + other.basis + " differ");
    }
    int[] modes = modes();
    Arrays.setAll(modes, axis -> Math.max(modes[axis], other.modes(axis)));
    return modes;
  }

  private void checkAxes(int given) {
    if (given != basis.dimensions()) {
      throw new IllegalArgumentException(given + " axes, the basis " + basis + " has others");
    }
  }

  private static double[] linspace(int points) {
    if (points < 2) {
      throw new IllegalArgumentException(points + " points, both ends of an axis are two");
    }
    double[] x = new double[points];
    Arrays.setAll(x, i -> (double) i / (points - 1));
    return x;
  }

  /** A matrix on the coefficients of one axis. */
  Expansion apply(int axis, NDArray matrix) {
    return with(along(coefficients, axis, matrix));
  }

  Expansion with(NDArray changed) {
    return new Expansion(transforms, basis, changed);
  }

  Transforms transforms() {
    return transforms;
  }

  /** y[.., i, ..] = sum over j of matrix[i, j] x[.., j, ..]. */
  static NDArray along(NDArray x, int axis, NDArray matrix) {
    long[] shape = x.getShape().getShape().clone();
    long left = 1;
    for (int i = 0; i < axis; i++) {
      left *= shape[i];
    }
    long right = x.size() / left / shape[axis];
    NDArray folded =
        left == 1 ? x.reshape(shape[axis], right) : x.reshape(left, shape[axis], right);
    NDArray product = matrix.matMul(folded);
    product.attach(x.getManager()); // not to the long-lived owner of the matrix
    shape[axis] = matrix.getShape().get(0);
    return product.reshape(new Shape(shape));
  }
}
