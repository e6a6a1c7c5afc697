package etesian.operators;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.util.function.Supplier;

/**
 * Where the arithmetic takes place: a GPU when the engine sees one, else the CPU. The engine starts
 * on the first use, from the libraries on the class path alone, without the network.
 */
public final class Devices {
  private Devices() {}

  /** Starts on first use; a failure is final for the process, as the JVM does not retry. */
  private static final class Started {
    static final Engine ENGINE = start();
  }

  private static Engine start() {
    System.getProperties().putIfAbsent("ai.djl.offline", "true");
    System.getProperties().putIfAbsent("OPT_OUT_TRACKING", "true");
    return Engine.getEngine("PyTorch");
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
   * How many CPU threads one operation may use, for the whole process. Sensible: cores divided by
   * the number of operators that run at once.
   */
  public static void setThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException(threads + " threads, expected at least 1");
    }
    engine();
    JniUtils.setNumThreads(threads);
  }

  public static int threads() {
    engine();
    return JniUtils.getNumThreads();
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
