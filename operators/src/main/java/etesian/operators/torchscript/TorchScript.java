package etesian.operators.torchscript;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * A program of libtorch, compiled from its source. The source is one class, named {@code Program}:
 *
 * <pre>
 *   class Program(Module):
 *     __parameters__ = []
 *     __buffers__ = []
 *     scale : float
 *     def forward(self: __torch__.Program, x: Tensor) -&gt; Tensor:
 *       return torch.mul(x, self.scale)
 * </pre>
 *
 * Every method may be called by its name. Not safe for several threads at once.
 */
public final class TorchScript implements AutoCloseable {
  private final PtSymbolBlock module;
  private final NDManager owner;

  private TorchScript(PtSymbolBlock module, NDManager owner) {
    this.module = module;
    this.owner = owner;
  }

  /**
   * @param owner the program lives on its device and dies with it
   * @param source see above
   * @param attributes values of the attributes that the class declares: Boolean, Integer, Double,
   *     String, or a List of Integer
   * @throws IllegalArgumentException the source does not compile; the message says where
   */
  public static TorchScript compile(
      NDManager owner, String source, Map<String, Object> attributes) {
    try {
      byte[] archive = Archive.of(source, attributes);
      return load(owner, new ByteArrayInputStream(archive));
    } catch (EngineException e) {
      throw new IllegalArgumentException("TorchScript: " + e.getMessage(), e);
    }
  }

  /**
   * A program that {@code torch.jit.save} wrote, for instance a traced model of Python.
   *
   * @throws EngineException the stream holds no TorchScript
   */
  public static TorchScript load(NDManager owner, InputStream saved) {
    try {
      PtNDManager manager = (PtNDManager) owner;
      return new TorchScript(JniUtils.loadModule(manager, saved, false, false), owner);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The source beside a class, in UTF-8. */
  public static String resource(Class<?> beside, String name) {
    try (InputStream in = beside.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name + " beside " + beside.getName());
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Calls a method. Arrays named {@code group.key} become one dictionary argument with these keys,
   * arrays named {@code group[]} one list; every other array is an argument of its own. The order
   * is that of first appearance.
   *
   * @param scope owner of the results
   * @param method of the source
   * @param gradients whether results can be differentiated; if not, arguments may be overwritten
   */
  public NDList call(
      NDManager scope, String method, boolean gradients, Collection<NDArray> arguments) {
    // The optimising executor would profile the first calls of each shape: slow, and it rewrites
    // what is differentiated. The setting belongs to the thread.
    JniUtils.setGraphExecutorOptimize(false);
    return gradients
        ? differentiable(scope, method, arguments)
        : plain((PtNDManager) scope, method, arguments);
  }

  private NDList differentiable(NDManager scope, String method, Collection<NDArray> arguments) {
    try (NDManager names = owner.newSubManager();
        PtNDArray name = (PtNDArray) names.create(0f)) {
      name.setName("module_method:" + method);
      NDList inputs = new NDList(name);
      inputs.addAll(arguments);
      NDList outputs = module.forward(new ParameterStore(), inputs, true);
      outputs.attach(scope);
      return outputs;
    }
  }

  /** Not by the way above, which leaves a third of a kilobyte behind with each call. */
  private NDList plain(PtNDManager scope, String method, Collection<NDArray> arguments) {
    List<IValue> values = Arguments.of(arguments);
    try (IValue result = IValueUtils.runMethod(module, method, values.toArray(IValue[]::new))) {
      return result.toNDList(scope);
    } finally {
      values.forEach(IValue::close);
    }
  }

  @Override
  public void close() {
    module.close();
  }
}
