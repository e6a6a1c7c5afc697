package etesian.operators.m2no;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import etesian.operators.torchscript.TorchScript;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code m2no.py}, the network as a program of libtorch, with its settings and filters. */
final class Program {
  /** Which variant of the program. */
  enum Purpose {
    /** Overwrites what nobody reads again; without gradients. */
    SERVING,
    TRAINING,
    /** As training, and remembers what the named parts give. */
    TRACING
  }

  private static final String SOURCE = TorchScript.resource(Program.class, "m2no.py");

  /** From this size a zero-padded convolution with repaired borders beats a padded copy. */
  private static final int STRIPS_ABOVE = 300 * 300;

  private final TorchScript script;
  private final Purpose purpose;
  private final List<NDArray> filters = new ArrayList<>();

  Program(
      M2noSettings settings,
      DataType type,
      M2no.Precision precision,
      NDManager owner,
      Purpose purpose) {
    this.purpose = purpose;
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("dim", settings.dim());
    attributes.put("layers", settings.numLayers());
    attributes.put("sweeps", settings.gridLevels());
    attributes.put("reference", settings.resolution().get(0));
    attributes.put("rows_beyond", settings.padding().rows);
    attributes.put("columns_beyond", settings.padding().columns);
    attributes.put("tensor_packing", settings.packing() == Packing.TENSOR);
    attributes.put("true_residual", settings.cycle() == Cycle.RESIDUAL);
    attributes.put("details", settings.details());
    attributes.put("norm", settings.norm().name().toLowerCase(Locale.ROOT));
    attributes.put("activation", settings.activation().name().toLowerCase(Locale.ROOT));
    attributes.put("bfloat16", precision == M2no.Precision.BFLOAT16);
    attributes.put("strips_above", STRIPS_ABOVE);
    attributes.put("serving", purpose == Purpose.SERVING);
    attributes.put("tracing", purpose == Purpose.TRACING);
    script = TorchScript.compile(owner, SOURCE, attributes);
    filters.add(Filters.low(settings, type, owner));
    filters.get(0).setName("p.low");
    if (settings.details()) {
      filters.add(Filters.high(settings, type, owner));
      filters.get(1).setName("p.high");
    }
  }

  /**
   * @param x shape (batch, input channels, rows, columns)
   * @param parameters by their names
   * @return shape (batch, output channels, rows, columns)
   */
  NDArray forward(NDManager scope, NDArray x, Collection<NDArray> parameters) {
    return call(scope, "forward", x, parameters).head();
  }

  static NDList trace(
      M2noSettings settings,
      DataType type,
      NDManager owner,
      NDManager scope,
      NDArray x,
      Parameters parameters) {
    Program program = new Program(settings, type, M2no.Precision.FLOAT32, owner, Purpose.TRACING);
    return program.call(scope, "trace", x, parameters.all().values());
  }

  /**
   * A single part: {@code restricted}, {@code prolongated}, {@code convolved}, {@code normalised}.
   */
  NDArray part(String method, NDManager scope, NDArray x, NDArray... parameters) {
    return call(scope, method, x, List.of(parameters)).head();
  }

  private NDList call(NDManager scope, String method, NDArray x, Collection<NDArray> parameters) {
    List<NDArray> arguments = new ArrayList<>(List.of(x));
    arguments.addAll(parameters);
    arguments.addAll(filters);
    return script.call(scope, method, purpose == Purpose.TRAINING, arguments);
  }
}
