package etesian.operators.m2no;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import etesian.operators.Devices;
import etesian.operators.Tensor;
import etesian.operators.TrainableOperator;
import etesian.operators.Weights;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The multiwavelet multigrid operator on the grid of its settings. Parameters stay off the heap
 * until {@link #close}; what a call allocates is freed when it returns.
 */
public final class M2no implements TrainableOperator {
  private final M2noSettings settings;
  private final Map<String, String> metadata;
  private final NDManager owner;
  private final Parameters parameters;
  private final Network network;

  private M2no(M2noSettings settings, Map<String, String> metadata, Map<String, Tensor> tensors) {
    this.settings = settings;
    this.metadata = new LinkedHashMap<>(metadata);
    this.metadata.putAll(settings.metadata());
    owner = Devices.newManager();
    try {
      parameters = new Parameters(settings, tensors, owner);
      network = new Network(settings, parameters, owner);
    } catch (RuntimeException e) {
      owner.close();
      throw e;
    }
  }

  /** An untrained operator; equal seeds give equal parameters. */
  public static M2no create(M2noSettings settings, long seed) {
    return new M2no(settings, Map.of(), Parameters.fresh(settings, seed));
  }

  /**
   * The operator that these weights describe; further metadata is kept.
   *
   * @throws etesian.operators.WeightsException settings are missing or parameters do not fit
   */
  public static M2no load(Weights weights) {
    return new M2no(M2noSettings.read(weights.metadata()), weights.metadata(), weights.tensors());
  }

  @Override
  public Tensor apply(Tensor input) {
    return Devices.withoutGradients(
        () -> {
          try (NDManager scope = owner.newSubManager()) {
            NDArray output = forward(scope, input);
            return new Tensor(output.toFloatArray(), output.getShape().getShape());
          }
        });
  }

  @Override
  public NDArray forward(NDManager scope, Tensor input) {
    return forward(scope, input, Probe.NONE);
  }

  NDArray forward(NDManager scope, Tensor input, Probe probe) {
    GridPadding grid = settings.grid();
    Tensor padded = grid.pad(input);
    long[] shape = padded.shape();
    if (shape[1] != settings.inChannels()) {
      throw new IllegalArgumentException(
          "input has " + shape[1] + " channels, expected " + settings.inChannels());
    }
    return Scope.keep(
        () -> {
          NDArray x = scope.create(padded.values(), new Shape(shape));
          NDArray y = network.of(settings.dim() == 1 ? x.squeeze(2) : x, probe);
          NDArray increment = crop(settings.dim() == 1 ? y.expandDims(2) : y);
          return settings.residual()
              ? increment.add(crop(Axes.slice(x, 1, 0, settings.outChannels())))
              : increment;
        });
  }

  private NDArray crop(NDArray x) {
    GridPadding grid = settings.grid();
    int row = grid.rowsBefore();
    int column = grid.columnsBefore();
    NDArray rows = grid.paddedRows() == grid.rows() ? x : Axes.slice(x, 2, row, row + grid.rows());
    return grid.paddedColumns() == grid.columns()
        ? rows
        : Axes.slice(rows, 3, column, column + grid.columns());
  }

  @Override
  public Map<String, NDArray> parameters() {
    return parameters.all();
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
