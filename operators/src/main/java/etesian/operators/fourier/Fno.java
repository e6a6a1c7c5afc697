package etesian.operators.fourier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import etesian.operators.Devices;
import etesian.operators.GrowingOperator;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import java.util.ArrayList;
import java.util.Arrays;
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
 * takes (batch, channels, 1, columns).
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
  private int grown;
  private float[] embedding; // none before condition(...)

  private Fno(
      FnoSettings settings,
      Map<String, String> metadata,
      Map<String, Tensor> tensors,
      DataType type) {
    first = settings;
    this.settings = settings;
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
    return run(scope, place(scope, input), true);
  }

  @Override
  public NDArray forward(NDManager scope, Tensor input) {
    return run(scope, place(scope, input), false);
  }

  /** {@link #forward} of an input that is there already. */
  NDArray forward(NDManager scope, NDArray input) {
    return run(scope, input, false);
  }

  NDArray place(NDManager scope, Tensor input) {
    long[] shape = input.shape();
    boolean line = settings.axes() == 1 && shape.length == 4 && shape[2] == 1;
    if (!line && shape.length != settings.axes() + 2 || shape[1] != settings.inChannels()) {
      throw new IllegalArgumentException(
          String.format(
              "input of shape %s, expected (batch, %d, and the sizes of %d axes)",
              Arrays.toString(shape), settings.inChannels(), settings.axes()));
    }
    return Devices.place(scope, input).toType(type, false);
  }

  private NDArray run(NDManager scope, NDArray input, boolean serving) {
    boolean line = settings.axes() == 1 && input.getShape().dimension() == 4;
    NDArray x = line ? input.squeeze(2) : input;
    int[] grid =
        Arrays.stream(x.getShape().getShape()).skip(2).mapToInt(Math::toIntExact).toArray();
    NDArray y = program(grid, serving).call(scope, "forward", x, given(scope));
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
    return parameters.all();
  }

  @Override
  public List<String> head() {
    return List.of("projection.");
  }

  @Override
  public int grown() {
    return grown;
  }

  @Override
  public int mostGrown() {
    return first.growths();
  }

  /** At each stage two more modes of each axis are in use, of those that are stored. */
  @Override
  public void growTo(int stage) {
    if (stage < 0 || stage > mostGrown()) {
      throw new IllegalArgumentException(
          "stage " + stage + " of an operator that grows " + mostGrown() + " times");
    }
    grown = stage;
    settings = first.grown(stage);
    metadata.putAll(settings.metadata());
    programs.values().forEach(Program::close);
    programs.clear();
  }

  public FnoSettings settings() {
    return settings;
  }

  @Override
  public int inputChannels() {
    return settings.inChannels();
  }

  @Override
  public int outputChannels() {
    return settings.outChannels();
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
