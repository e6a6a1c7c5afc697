package etesian.ops.bench;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import etesian.operators.Devices;
import etesian.operators.Tensor;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The published M2NO in Python, traced for one grid and saved by {@code torch.jit.save}, in our
 * libtorch. It takes and gives shape (batch, rows, columns, channels); its parameters have the
 * published names.
 */
final class TracedModel implements AutoCloseable {
  private static final String FINEST_NORM = "blocks.0.norm_list.0.weight";

  private final NDManager owner;
  private final PtSymbolBlock module;
  private final Map<String, NDArray> parameters = new LinkedHashMap<>();

  private TracedModel(NDManager owner, InputStream file) throws IOException {
    this.owner = owner;
    module = JniUtils.loadModule((PtNDManager) owner, file, false, false);
    for (NDArray parameter : JniUtils.moduleGetParams(module, (PtNDManager) owner)) {
      parameters.put(parameter.getName(), parameter);
    }
  }

  /**
   * @throws IllegalArgumentException the file is no TorchScript, or has other parameters
   */
  static TracedModel open(Path file) throws IOException {
    return open(file, FINEST_NORM);
  }

  /**
   * A traced program of any kind; it takes and gives what it was traced with.
   *
   * @param parameter that it must have, by which its kind is known
   * @throws IllegalArgumentException the file is no TorchScript, or has other parameters
   */
  static TracedModel open(Path file, String parameter) throws IOException {
    NDManager owner = Devices.newManager();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      TracedModel model = new TracedModel(owner, in);
      if (!model.parameters.containsKey(parameter)) {
        throw new IllegalArgumentException(
            "%s has no parameter '%s', only %s: expected the published model, traced"
                .formatted(file, parameter, model.parameters.keySet()));
      }
      return model;
    } catch (EngineException e) {
      owner.close();
      throw new IllegalArgumentException(file + " is no TorchScript: " + e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      owner.close();
      throw e;
    }
  }

  /** By the rows of the grid that they were traced for, which their norms tell. */
  static Map<Integer, Path> bySize(List<Path> files) {
    Map<Integer, Path> bySize = new LinkedHashMap<>();
    for (Path file : files) {
      try (TracedModel model = open(file)) {
        bySize.put((int) model.parameters.get(FINEST_NORM).getShape().get(1), file);
      } catch (IOException e) {
        throw new IllegalArgumentException("peer " + file + " cannot be read: " + e, e);
      }
    }
    return bySize;
  }

  /** By name; they belong to the model. */
  Map<String, NDArray> parameters() {
    return parameters;
  }

  /** Copies of the parameters. */
  Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    parameters.forEach((name, array) -> tensors.put(name, Devices.read(array)));
    return tensors;
  }

  Tensor apply(Tensor input) {
    return Devices.withoutGradients(
        () -> {
          try (NDManager scope = owner.newSubManager()) {
            return Devices.read(run(scope, input, false));
          }
        });
  }

  /** The same, differentiable in the parameters. */
  NDArray forward(NDManager scope, Tensor input) {
    return run(scope, input, true);
  }

  private NDArray run(NDManager scope, Tensor input, boolean training) {
    JniUtils.setGraphExecutorOptimize(true); // as it comes; a setting of the thread
    NDList in = new NDList(Devices.place(scope, input));
    NDList out = module.forward(new ParameterStore(), in, training);
    out.attach(scope);
    return out.head();
  }

  @Override
  public void close() {
    module.close();
    owner.close();
  }
}
