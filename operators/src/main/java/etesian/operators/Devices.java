package etesian.operators;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Where the arithmetic takes place: a GPU when the engine sees one, else the CPU. The engine starts
 * on the first use, from the libraries on the class path alone, without the network.
 */
public final class Devices {
  private static final ReentrantLock GRADIENTS = new ReentrantLock();

  private Devices() {}

  /** Starts on first use; a failure is final for the process, as the JVM does not retry. */
  private static final class Started {
    static final Engine ENGINE = start();
  }

  private static Engine start() {
    System.getProperties().putIfAbsent("ai.djl.offline", "true");
    System.getProperties().putIfAbsent("OPT_OUT_TRACKING", "true");
    Engine engine = Engine.getEngine("PyTorch");
    NativeExit.beforeDestructors();
    return engine;
  }

  private static Engine engine() {
    try {
      return Started.ENGINE;
    } catch (EngineException | LinkageError e) {
      throw new IllegalStateException(
          String.format(
              "PyTorch does not start on %s %s: the class path needs pytorch-native-cpu for this "
                  + "platform (build with -Dpytorch.platform=linux-x86_64, linux-aarch64, "
                  + "osx-aarch64 or win-x86_64), or set PYTORCH_LIBRARY_PATH to a libtorch folder",
              System.getProperty("os.name"), System.getProperty("os.arch")),
          e);
    }
  }

  /** The device that operators use; {@code gpu(0)} or {@code cpu()}. */
  public static Device device() {
    return engine().defaultDevice();
  }

  /**
   * A new owner of off-heap arrays on {@link #device}; who asks for it closes it.
   *
   * @throws IllegalStateException the native library for this platform is missing
   */
  public static NDManager newManager() {
    return engine().newBaseManager(device());
  }

  /**
   * How many CPU threads one operation of the calling thread may use; also what threads begin with
   * that do not say. Sensible: cores divided by the number of operators that run at once.
   */
  public static void setThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException(threads + " threads, expected at least 1");
    }
    engine();
    // On its first question or operation a thread takes what was last set anywhere: ask now, or
    // the number of a thread that comes later would be taken.
    JniUtils.getNumThreads();
    JniUtils.setNumThreads(threads);
  }

  /** CPU threads that one operation of the calling thread may use. */
  public static int threads() {
    engine();
    return JniUtils.getNumThreads();
  }

  /** A copy off the heap, of type float32. */
  public static NDArray place(NDManager owner, Tensor tensor) {
    ByteBuffer buffer =
        ByteBuffer.allocateDirect(4 * tensor.values().length).order(ByteOrder.nativeOrder());
    buffer.asFloatBuffer().put(tensor.values());
    // The engine only borrows the buffer, which dies with the first of several handles on it.
    try (NDArray borrowed = owner.create(buffer, new Shape(tensor.shape()), DataType.FLOAT32)) {
      return borrowed.duplicate();
    }
  }

  /**
   * A number to multiply with where gradients are asked for. Of a plain one the engine only borrows
   * the memory, which the garbage collector may have taken back when the gradient needs it.
   *
   * @param like whose manager owns it
   * @return a scalar of float64, which leaves the type of an array as it is
   */
  public static NDArray number(NDArray like, double value) {
    try (NDArray borrowed = like.getManager().create(value)) {
      return borrowed.duplicate();
    }
  }

  /** A copy on the heap. */
  public static Tensor read(NDArray array) {
    float[] values = new float[Math.toIntExact(array.getShape().size())];
    try (NDArray dense = array.reshape(-1)) { // in logical order, wherever its values lie
      dense.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer().get(values);
    }
    return new Tensor(values, array.getShape().getShape());
  }

  /**
   * Calculates a scalar and adds its derivatives to the gradients of what it depends on. The engine
   * records for one calculation of a process at a time, so callers take turns.
   *
   * @return the value; when it is not finite, no gradient is touched
   */
  public static double differentiate(Supplier<NDArray> scalar) {
    GRADIENTS.lock();
    try (GradientCollector collector = engine().newGradientCollector()) {
      NDArray result = scalar.get();
      double value =
          result.getDataType() == DataType.FLOAT64 ? result.getDouble() : result.getFloat();
      if (Double.isFinite(value)) {
        collector.backward(result);
      }
      return value;
    } finally {
      GRADIENTS.unlock();
    }
  }

  /** Runs without recording for gradients, which PyTorch does by default in each new thread. */
  public static <T> T withoutGradients(Supplier<T> work) {
    engine();
    boolean before = JniUtils.isGradMode();
    JniUtils.setGradMode(false);
    try {
      return work.get();
    } finally {
      JniUtils.setGradMode(before);
    }
  }
}
