package etesian.operators.fourier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import etesian.operators.Devices;
import etesian.operators.GrowingOperator;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A network of the Fourier family: FNO, TFNO, UNO or SFNO, see {@link FnoSettings}. It takes grids
 * of any size, also others than those it was trained on. Parameters stay off the heap until {@link
 * #close}; what a call allocates is freed when it returns. For each of the last few grids a program
 * with its matrices is kept.
 *
 * <p>Inputs have the shape (batch, channels, sizes of the axes...); a network of one axis also
 * takes (batch, channels, 1, columns). With {@link FnoSettings#complexData} the channels are in
 * turn real and imaginary parts, so there are twice as many of them as the settings say.
 */
public final class Fno implements GrowingOperator {
  private static final int PROGRAMS = 8;

  private final FnoSettings first;
  private final Map<String, String> metadata;
  private final NDManager owner;
  private final DataType type;
  private final Parameters parameters;
  private final Map<List<Object>, Program> programs = new LinkedHashMap<>(16, 0.75f, true);
  private FnoSettings settings; // with the modes that are in use
  private List<Integer> grown;
  private List<Integer> windows = List.of(); // of the modes in the last differentiable call
  private List<Integer> limits = List.of(); // of its grids
  private float[] embedding; // none before condition(...)

  private Fno(
      FnoSettings settings,
      Map<String, String> metadata,
      Map<String, Tensor> tensors,
      DataType type) {
    first = settings;
    this.settings = settings;
    grown = Collections.nCopies(settings.growths().size(), 0);
    this.metadata = new LinkedHashMap<>(metadata);
    this.metadata.putAll(settings.metadata());
    this.type = type;
    owner = Devices.newManager();
    try {
      parameters =
          Devices.withoutGradients(
              () ->
                  new Parameters(
                      Parameters.shapes(settings), settings.separable(), tensors, type, owner));
    } catch (RuntimeException e) {
      owner.close();
      throw e;
    }
  }

  /** An untrained operator; equal seeds give equal parameters. */
  public static Fno create(FnoSettings settings, long seed) {
    return new Fno(settings, Map.of(), Parameters.fresh(settings, seed), DataType.FLOAT32);
  }

  /**
   * The operator that these weights describe; further metadata is kept.
   *
   * @throws etesian.operators.WeightsException settings are missing or parameters do not fit
   */
  public static Fno load(Weights weights) {
    return load(weights, DataType.FLOAT32);
  }

  /** In float32 or float64. */
  static Fno load(Weights weights, DataType type) {
    FnoSettings settings = FnoSettings.read(weights.metadata());
    return new Fno(settings, weights.metadata(), weights.tensors(), type);
  }

  /**
   * What {@link Norm#ADAPTIVE} norms are given from now on, for all samples of a call alike: season
   * and hour, for example, or a viscosity.
   *
   * @param numbers as many as {@link FnoSettings#groups}
   * @throws IllegalArgumentException another norm or another size
   */
  public void condition(float... numbers) {
    if (settings.norm() != Norm.ADAPTIVE || numbers.length != settings.groups()) {
      throw new IllegalArgumentException(
          "an embedding of %d numbers for norm = %s with groups = %d, expected norm = adaptive and as many"
              .formatted(numbers.length, settings.norm(), settings.groups()));
    }
    embedding = numbers.clone();
  }

  @Override
  public Tensor apply(Tensor input) {
    return Devices.withoutGradients(
        () -> {
          try (NDManager scope = owner.newSubManager()) {
            return Devices.read(serve(scope, input));
          }
        });
  }

  /** {@link #apply} without the way back to the heap, to be called without gradients. */
  NDArray serve(NDManager scope, Tensor input) {
    return run(scope, place(scope, input), Mode.SERVING);
  }

  @Override
  public NDArray forward(NDManager scope, Tensor input) {
    return forward(scope, place(scope, input));
  }

  /** {@link #forward} of an input that is there already. */
  NDArray forward(NDManager scope, NDArray input) {
    return run(scope, input, Mode.DIFFERENTIABLE);
  }

  @Override
  public NDArray forwardInTraining(NDManager scope, Tensor input) {
    NDArray x = place(scope, input);
    return run(scope, x, settings.norm() == Norm.BATCH ? Mode.BY_BATCH : Mode.DIFFERENTIABLE);
  }

  NDArray place(NDManager scope, Tensor input) {
    long[] shape = input.shape();
    boolean line = settings.axes() == 1 && shape.length == 4 && shape[2] == 1;
    if (!line && shape.length != settings.axes() + 2 || shape[1] != inputChannels()) {
      throw new IllegalArgumentException(
          String.format(
              "input of shape %s, expected (batch, %d, and the sizes of %d axes)",
              Arrays.toString(shape), inputChannels(), settings.axes()));
    }
    return Devices.place(scope, input).toType(type, false);
  }

  private enum Mode {
    SERVING,
    DIFFERENTIABLE,
    /** Differentiable, and batch norms look at the batch. */
    BY_BATCH
  }

  private NDArray run(NDManager scope, NDArray input, Mode mode) {
    boolean line = settings.axes() == 1 && input.getShape().dimension() == 4;
    NDArray x = line ? input.squeeze(2) : input;
    int[] grid =
        Arrays.stream(x.getShape().getShape()).skip(2).mapToInt(Math::toIntExact).toArray();
    Program program = program(grid, mode == Mode.SERVING);
    if (mode != Mode.SERVING) {
      windows = program.windows();
      limits = program.limits();
    }
    List<NDArray> given = given(scope);
    if (mode == Mode.BY_BATCH) {
      given.add(flag(scope, x, program));
    }
    NDArray y = program.call(scope, "forward", x, given);
    return line ? y.expandDims(2) : y;
  }

  private List<NDArray> given(NDManager scope) {
    List<NDArray> given = new ArrayList<>(parameters.all().values());
    if (settings.norm() == Norm.ADAPTIVE) {
      if (embedding == null) {
        throw new IllegalStateException(
            "norm = adaptive without an embedding, expected condition(...) before the first call");
      }
      NDArray array = scope.create(embedding).toType(type, false);
      array.setName("c.embedding");
      given.add(array);
    }
    return given;
  }

  /** By which the program knows that batch norms are to look at the batch. */
  private static NDArray flag(NDManager scope, NDArray x, Program program) {
    long samples = x.getShape().get(0);
    if (samples * program.fewestPoints() < 2) {
      throw new IllegalArgumentException(
          "a batch norm of one point, input %s: a variance needs two".formatted(x.getShape()));
    }
    NDArray flag = scope.zeros(new Shape(1));
    flag.setName("c.by_batch");
    return flag;
  }

  private Program program(int[] grid, boolean serving) {
    List<Object> key = List.of(Arrays.stream(grid).boxed().toList(), serving);
    Program known = programs.get(key); // which makes it the most recent
    if (known != null) {
      return known;
    }
    Program made =
        Devices.withoutGradients(() -> new Program(settings, grid, type, owner, serving));
    programs.put(key, made);
    if (programs.size() > PROGRAMS) {
      programs.remove(programs.keySet().iterator().next()).close();
    }
    return made;
  }

  @Override
  public Map<String, NDArray> parameters() {
    return parameters.learned();
  }

  @Override
  public Map<String, NDArray> buffers() {
    return parameters.buffers();
  }

  @Override
  public List<String> head() {
    return List.of("projection.");
  }

  @Override
  public List<Integer> grown() {
    return grown;
  }

  @Override
  public List<Integer> mostGrown() {
    return first.growths();
  }

  /** At each stage one frequency more of an axis is in use, of those that are stored. */
  @Override
  public void growTo(List<Integer> stages) {
    List<Integer> most = mostGrown();
    boolean fit = stages.size() == most.size();
    for (int axis = 0; fit && axis < most.size(); axis++) {
      fit = stages.get(axis) >= 0 && stages.get(axis) <= most.get(axis);
    }
    if (!fit) {
      throw new IllegalArgumentException(
          "stages " + stages + " of an operator whose axes grow " + most + " times");
    }
    grown = List.copyOf(stages);
    settings = first.grown(grown);
    metadata.putAll(settings.metadata());
    programs.values().forEach(Program::close);
    programs.clear();
  }

  /** See {@link GradientShells}. */
  @Override
  public List<double[]> gradientEnergy() {
    return GradientShells.of(settings, windows, limits, parameters.learned());
  }

  public FnoSettings settings() {
    return settings;
  }

  @Override
  public int inputChannels() {
    return (settings.complexData() ? 2 : 1) * settings.inChannels();
  }

  @Override
  public int outputChannels() {
    return (settings.complexData() ? 2 : 1) * settings.outChannels();
  }

  @Override
  public Weights weights() {
    return new Weights(metadata, parameters.tensors());
  }

  @Override
  public void close() {
    programs.values().forEach(Program::close);
    owner.close();
  }
}
