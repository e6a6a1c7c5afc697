package etesian.operators.m2no;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import etesian.operators.Devices;
import etesian.operators.Tensor;
import etesian.operators.TrainableOperator;
import etesian.operators.Weights;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The multiwavelet multigrid operator on the grid of its settings. Parameters stay off the heap
 * until {@link #close}; what a call allocates is freed when it returns.
 */
public final class M2no implements TrainableOperator {
  /** Type of the convolutions when serving. */
  public enum Precision {
    FLOAT32,
    /** Faster on a CPU that has it; docs/benchmarks.md has times and errors. */
    BFLOAT16
  }

  private final M2noSettings settings;
  private final Map<String, String> metadata;
  private final NDManager owner;
  private final DataType type;
  private final Parameters parameters;
  private final Program serving;
  private final Program differentiable;

  private M2no(
      M2noSettings settings,
      Map<String, String> metadata,
      Map<String, Tensor> tensors,
      DataType type,
      Precision precision) {
    this.settings = settings;
    this.metadata = new LinkedHashMap<>(metadata);
    this.metadata.putAll(settings.metadata());
    this.type = type;
    owner = Devices.newManager();
    try {
      parameters = Devices.withoutGradients(() -> new Parameters(settings, tensors, type, owner));
      serving = new Program(settings, type, precision, owner, Program.Purpose.SERVING);
      differentiable =
          new Program(settings, type, Precision.FLOAT32, owner, Program.Purpose.TRAINING);
    } catch (RuntimeException e) {
      owner.close();
      throw e;
    }
  }

  /** An untrained operator; equal seeds give equal parameters. */
  public static M2no create(M2noSettings settings, long seed) {
    Map<String, Tensor> fresh = Parameters.fresh(settings, seed);
    return new M2no(settings, Map.of(), fresh, DataType.FLOAT32, Precision.FLOAT32);
  }

  /**
   * The operator that these weights describe; further metadata is kept.
   *
   * @throws etesian.operators.WeightsException settings are missing or parameters do not fit
   */
  public static M2no load(Weights weights) {
    return load(weights, Precision.FLOAT32);
  }

  /** The same, with another precision of {@link #apply}; {@link #forward} is float32. */
  public static M2no load(Weights weights, Precision precision) {
    M2noSettings settings = M2noSettings.read(weights.metadata());
    return new M2no(settings, weights.metadata(), weights.tensors(), DataType.FLOAT32, precision);
  }

  /** In float64, to compare with the truth. */
  static M2no loadDouble(Weights weights) {
    M2noSettings settings = M2noSettings.read(weights.metadata());
    return new M2no(
        settings, weights.metadata(), weights.tensors(), DataType.FLOAT64, Precision.FLOAT32);
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
    return run(serving, scope, place(scope, input));
  }

  @Override
  public NDArray forward(NDManager scope, Tensor input) {
    return run(differentiable, scope, place(scope, input));
  }

  /** {@link #forward} of an input that is there already, shape (batch, channels, rows, columns). */
  NDArray forward(NDManager scope, NDArray input) {
    return run(differentiable, scope, input);
  }

  NDArray place(NDManager scope, Tensor input) {
    Tensor padded = settings.grid().pad(input);
    if (padded.shape()[1] != settings.inChannels()) {
      throw new IllegalArgumentException(
          "input has " + padded.shape()[1] + " channels, expected " + settings.inChannels());
    }
    return Devices.place(scope, padded).toType(type, false);
  }

  private NDArray run(Program program, NDManager scope, NDArray x) {
    NDArray increment = crop(program.forward(scope, x, parameters.all().values()));
    return settings.residual()
        ? increment.add(crop(slice(x, 1, 0, settings.outChannels())))
        : increment;
  }

  /** What the named parts of the network give, and the result as {@code output}. */
  NDList trace(NDManager scope, Tensor input) {
    return Program.trace(settings, type, owner, scope, place(scope, input), parameters);
  }

  private NDArray crop(NDArray x) {
    GridPadding grid = settings.grid();
    int row = grid.rowsBefore();
    int column = grid.columnsBefore();
    NDArray rows = grid.paddedRows() == grid.rows() ? x : slice(x, 2, row, row + grid.rows());
    return grid.paddedColumns() == grid.columns()
        ? rows
        : slice(rows, 3, column, column + grid.columns());
  }

  /** Elements from (inclusive) to (exclusive) of one axis. */
  private static NDArray slice(NDArray x, int axis, long from, long to) {
    return x.get(new NDIndex().addAllDim(axis).addSliceDim(from, to));
  }

  @Override
  public Map<String, NDArray> parameters() {
    return parameters.all();
  }

  @Override
  public List<String> head() {
    return List.of(settings.linear(1) + ".", settings.linear(2) + ".");
  }

  public M2noSettings settings() {
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
    owner.close();
  }
}
