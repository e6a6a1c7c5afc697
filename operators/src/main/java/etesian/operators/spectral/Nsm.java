package etesian.operators.spectral;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import etesian.operators.Devices;
import etesian.operators.Tensor;
import etesian.operators.TrainableOperator;
import etesian.operators.Weights;
import etesian.operators.torchscript.TorchScript;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A network from the coefficients of a parameter function phi (source, initial state) to those of
 * the solution u of a differential equation:
 *
 * <pre>
 *   z = sigma(Dense_h sigma(Dense_4h [phi, x]))
 *   depth times:  z = sigma( T^-1 (W . T z) + Dense_h z )       W: a matrix for each mode
 *   v = T Dense_out sigma(Dense_4h sigma(Dense_h z));   u = mollifier(v, phi)
 * </pre>
 *
 * with T the transform of the {@link Basis}. Its cost depends on the number of modes alone; the
 * solution is a function that can be evaluated on any grid ({@link #evaluate}). As a {@link
 * etesian.operators.NeuralOperator} it stands between the grids of its settings: Fourier axes have
 * the points j / n, Chebyshev axes n points from 0 to 1 with both ends. Du, Chalapathi,
 * Krishnapriyan, "Neural Spectral Methods", ICLR 2024.
 */
public final class Nsm implements TrainableOperator {
  private final NsmSettings settings;
  private final Map<String, String> metadata;
  private final NDManager owner;
  private final Transforms transforms;
  private final Transforms exact = new Transforms(DataType.FLOAT64);
  private final Map<String, NDArray> parameters;
  private final TorchScript program;

  private Nsm(
      NsmSettings settings,
      Map<String, String> metadata,
      Map<String, Tensor> tensors,
      DataType type) {
    this.settings = settings;
    this.metadata = new LinkedHashMap<>(metadata);
    this.metadata.putAll(settings.metadata());
    owner = Devices.newManager();
    transforms = new Transforms(type);
    try {
      parameters =
          Devices.withoutGradients(() -> NsmParameters.place(settings, tensors, type, owner));
      program =
          TorchScript.compile(
              owner,
              TorchScript.resource(Nsm.class, "nsm.py"),
              Map.of(
                  "axes",
                  settings.basis().dimensions(),
                  "depth",
                  settings.depth(),
                  "activation",
                  settings.activation().name().toLowerCase(Locale.ROOT)));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** An untrained operator; equal seeds give equal parameters. */
  public static Nsm create(NsmSettings settings, long seed) {
    return new Nsm(settings, Map.of(), NsmParameters.fresh(settings, seed), DataType.FLOAT32);
  }

  /**
   * The operator that these weights describe; further metadata is kept.
   *
   * @throws etesian.operators.WeightsException settings are missing or parameters do not fit
   */
  public static Nsm load(Weights weights) {
    return load(weights, DataType.FLOAT32);
  }

  /** In float32 or float64. */
  static Nsm load(Weights weights, DataType type) {
    NsmSettings settings = NsmSettings.read(weights.metadata());
    return new Nsm(settings, weights.metadata(), weights.tensors(), type);
  }

  /**
   * The prediction for parameter functions, differentiable in phi and in the parameters.
   *
   * @param phi coefficients of shape (modes, batch, inChannels), any number of modes
   * @return coefficients of shape (modes, batch, outChannels)
   */
  public Expansion solve(Expansion phi) {
    return solve(phi, true);
  }

  private Expansion solve(Expansion phi, boolean gradients) {
    int dimensions = settings.basis().dimensions();
    NDArray given = phi.coefficients();
    if (!phi.basis().equals(settings.basis())
        || given.getShape().dimension() != dimensions + 2
        || given.getShape().get(dimensions + 1) != settings.inChannels()) {
      throw new IllegalArgumentException(
          String.format(
              "parameter functions %s in %s, expected the modes of %s, samples, %d channels",
              given.getShape(), phi.basis(), settings.basis(), settings.inChannels()));
    }
    NDManager scope = given.getManager();
    boolean onValues = settings.network() == NsmSettings.Network.NSM;
    int[] modes = settings.modes().stream().mapToInt(n -> n).toArray();
    Expansion resized = phi.resize(modes);
    NDArray first = onValues ? resized.values() : resized.coefficients();
    long[] shape = first.getShape().getShape().clone();
    shape[dimensions + 1] = dimensions;
    NDArray places = places(scope, onValues).broadcast(new Shape(shape));
    places.attach(scope);
    NDArray input = NDArrays.concat(new NDList(first, places), dimensions + 1);
    List<NDArray> arguments = new ArrayList<>(List.of(input));
    arguments.addAll(parameters.values());
    arguments.addAll(matrices(onValues));
    String method = onValues ? "nsm" : "sno";
    NDArray v = program.call(scope, method, gradients, arguments).head();
    Expansion raw = Expansion.of(transforms, settings.basis(), v);
    return settings.mollifier().of(raw, phi, settings.scale());
  }

  /** The coordinates of the points as further channels: their values or their coefficients. */
  private NDArray places(NDManager scope, boolean values) {
    Basis basis = settings.basis();
    int d = basis.dimensions();
    long[] shape = new long[d + 2];
    for (int axis = 0; axis < d; axis++) {
      shape[axis] = settings.modes().get(axis);
    }
    shape[d] = 1;
    shape[d + 1] = d;
    NDArray coordinates =
        transforms.array(
            List.of("coordinates", new Shape(shape)),
            new Shape(shape),
            () -> {
              double[] all = new double[(int) new Shape(shape).size()];
              int inner = all.length;
              for (int axis = 0; axis < d; axis++) {
                int n = (int) shape[axis];
                double[] points = basis.axes().get(axis).points(n);
                inner /= n;
                for (int i = 0; i < all.length / d; i++) {
                  all[i * d + axis] = points[i * d / inner % n];
                }
              }
              return all;
            });
    if (values) {
      return coordinates;
    }
    NDArray own = coordinates.duplicate(); // results go to the manager of what they are made from
    own.attach(scope);
    return Expansion.transform(transforms, basis, own).coefficients();
  }

  /** As the program names them: each axis has its own, as an array has one name. */
  private List<NDArray> matrices(boolean values) {
    Basis basis = settings.basis();
    List<NDArray> matrices = new ArrayList<>();
    for (int axis = 0; axis < basis.dimensions(); axis++) {
      Axis kind = basis.axes().get(axis);
      int n = settings.modes().get(axis);
      matrices.add(named("b.to" + axis, () -> kind.transform(n)));
      matrices.add(named("b.from" + axis, () -> kind.inverse(n)));
    }
    NDArray ones = values ? ones() : single();
    ones.setName("b.ones");
    matrices.add(ones);
    return matrices;
  }

  private NDArray named(String name, Supplier<double[][]> rows) {
    NDArray matrix = transforms.matrix(List.of(name), rows);
    matrix.setName(name);
    return matrix;
  }

  /** Values at the points of the function whose coefficients are all 1, shape (modes, 1, 1). */
  private NDArray ones() {
    Basis basis = settings.basis();
    long[] shape = new long[basis.dimensions() + 2];
    Arrays.fill(shape, 1);
    for (int axis = 0; axis < basis.dimensions(); axis++) {
      shape[axis] = settings.modes().get(axis);
    }
    return transforms.array(
        List.of("ones", new Shape(shape)),
        new Shape(shape),
        () -> {
          double[] product = new double[(int) new Shape(shape).size()];
          Arrays.fill(product, 1);
          int inner = product.length;
          for (int axis = 0; axis < basis.dimensions(); axis++) {
            int n = (int) shape[axis];
            double[][] inverse = basis.axes().get(axis).inverse(n);
            inner /= n;
            for (int i = 0; i < product.length; i++) {
              product[i] *= Arrays.stream(inverse[i / inner % n]).sum();
            }
          }
          return product;
        });
  }

  private NDArray single() {
    return transforms.array(List.of("single"), new Shape(1), () -> new double[] {1});
  }

  /** phi from its values on the grid of the settings, constant in time if there is time. */
  public Expansion parameterFunction(NDManager scope, Tensor input) {
    long[] shape = input.shape();
    if (shape.length != 4
        || shape[1] != settings.inChannels()
        || shape[2] != settings.rows()
        || shape[3] != settings.columns()) {
      throw new IllegalArgumentException(
          String.format(
              "input %s, expected (batch, %d, %d, %d)",
              input, settings.inChannels(), settings.rows(), settings.columns()));
    }
    NDArray x = Devices.place(scope, input).toType(transforms.type(), false).transpose(2, 3, 0, 1);
    List<Axis> space = settings.space();
    for (int i = 0; i < space.size(); i++) {
      int axis = 2 - space.size() + i;
      int points = axis == 0 ? settings.rows() : settings.columns();
      int modes = settings.parameterModes().get(i);
      x = Expansion.along(x, axis, transforms.fromUniform(space.get(i), points, modes));
    }
    if (space.size() == 1) {
      x = x.squeeze(0);
    }
    if (settings.evolves()) { // two modes of time, so that it has a derivative
      Axis time = settings.basis().axes().get(0);
      x = Expansion.along(x.expandDims(0), 0, transforms.resize(time, 1, 2));
    }
    return Expansion.of(transforms, settings.basis(), x);
  }

  @Override
  public Tensor apply(Tensor input) {
    return Devices.withoutGradients(
        () -> {
          try (NDManager scope = owner.newSubManager()) {
            return Devices.read(onGrid(scope, input, false).toType(DataType.FLOAT32, false));
          }
        });
  }

  @Override
  public NDArray forward(NDManager scope, Tensor input) {
    return onGrid(scope, input, true);
  }

  private NDArray onGrid(NDManager scope, Tensor input, boolean gradients) {
    Expansion u = solve(parameterFunction(scope, input), gradients);
    double[][] coordinates = new double[settings.basis().dimensions()][];
    int space = settings.space().size();
    for (int axis = 0; axis < coordinates.length; axis++) {
      int left = coordinates.length - axis; // axes that follow, this one included
      int points =
          left > space ? settings.times() : left == 2 ? settings.rows() : settings.columns();
      coordinates[axis] =
          left > space
              ? Axis.endsOfSteps(points)
              : settings.basis().axes().get(axis).uniform(points);
    }
    NDArray on = u.on(coordinates); // ([times,] [rows,] columns, batch, channels)
    long batch = input.shape()[0];
    NDArray y =
        on.reshape(
                settings.times(),
                settings.rows(),
                settings.columns(),
                batch,
                settings.outChannels())
            .transpose(3, 0, 4, 1, 2)
            .reshape(batch, outputChannels(), settings.rows(), settings.columns());
    return settings.residual() ? y.add(newest(scope, input)) : y;
  }

  /** The first outChannels input channels: all that their grid shows, not only their modes. */
  private NDArray newest(NDManager scope, Tensor input) {
    return Devices.place(scope, input)
        .toType(transforms.type(), false)
        .get(new NDIndex().addAllDim().addSliceDim(0, settings.outChannels()));
  }

  /**
   * The prediction on a uniform grid that includes both ends of every axis, time first if there is
   * time. The network works on its modes, whatever the grid; where two grids share a point, they
   * share the value: sums are in float64 and differ by the order of their terms at most.
   *
   * @param input as that of {@link #apply}
   * @param points of every axis of the basis, at least 2
   * @return shape (batch, outChannels, points...)
   */
  public Tensor evaluate(Tensor input, int... points) {
    return Devices.withoutGradients(
        () -> {
          try (NDManager scope = owner.newSubManager()) {
            Expansion u = solve(parameterFunction(scope, input), false);
            NDArray precise = u.coefficients().toType(DataType.FLOAT64, false);
            NDArray on = Expansion.of(exact, u.basis(), precise).onUniform(points);
            int d = points.length;
            int[] order = new int[d + 2];
            order[0] = d;
            order[1] = d + 1;
            for (int axis = 0; axis < d; axis++) {
              order[axis + 2] = axis;
            }
            return Devices.read(on.transpose(order).toType(DataType.FLOAT32, false));
          }
        });
  }

  @Override
  public Map<String, NDArray> parameters() {
    return Collections.unmodifiableMap(parameters);
  }

  @Override
  public List<String> head() {
    return IntStream.rangeClosed(2, 4)
        .mapToObj(i -> NsmSettings.dense(settings.depth() + i))
        .toList();
  }

  public NsmSettings settings() {
    return settings;
  }

  /** The matrices that its expansions use; they live as long as this. */
  public Transforms transforms() {
    return transforms;
  }

  @Override
  public int inputChannels() {
    return settings.inChannels();
  }

  @Override
  public int outputChannels() {
    return settings.outChannels() * settings.times();
  }

  @Override
  public Weights weights() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    parameters.forEach(
        (name, array) -> {
          try (NDArray single = array.toType(DataType.FLOAT32, true)) {
            tensors.put(name, Devices.read(single));
          }
        });
    return new Weights(metadata, tensors);
  }

  @Override
  public void close() {
    transforms.close();
    exact.close();
    owner.close();
  }
}
