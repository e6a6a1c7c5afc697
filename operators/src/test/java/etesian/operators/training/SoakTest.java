package etesian.operators.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import etesian.operators.Devices;
import etesian.operators.Tensor;
import etesian.operators.TrainableOperator;
import etesian.operators.Weights;
import etesian.operators.m2no.M2no;
import etesian.operators.m2no.M2noSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Many training steps take no more memory than a few. The smallest tensor of a step is one batch of
 * one channel, 32 KB, so one that is not freed adds 9600 KB in {@value #STEPS} steps: three times
 * the {@value #ALLOWED_KB} KB that are allowed here, as the second test shows.
 */
@EnabledOnOs(OS.LINUX)
class SoakTest {
  private static final int SIZE = 16;
  private static final int BATCH = 32;
  private static final int WARM_UP = 50;
  private static final int STEPS = 300;
  private static final long ALLOWED_KB = 3_000;

  @BeforeAll
  static void oneThread() {
    Devices.setThreads(1);
    touchTheHeap();
  }

  @Test
  void threeHundredStepsKeepResidentMemoryFlat() {
    try (M2no operator = smallest()) {
      assertThat(growthKb(operator)).isLessThan(ALLOWED_KB);
    }
  }

  @Test
  void oneTensorPerStepThatIsNotFreedIsSeen() {
    try (M2no operator = smallest();
        Leaking leaking = new Leaking(operator)) {
      assertThat(growthKb(leaking)).isGreaterThan(ALLOWED_KB);
    }
  }

  private static M2no smallest() {
    return M2no.create(
        M2noSettings.forGrid(1, 1, SIZE, SIZE, true).withWidth(1, 1).withNumLayers(1), 1);
  }

  /** Of resident memory after the warm-up. */
  private static long growthKb(TrainableOperator operator) {
    Random random = new Random(1);
    float[] values = new float[BATCH * SIZE * SIZE];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    Tensor tensor = new Tensor(values, BATCH, 1, SIZE, SIZE);
    Samples samples = new Samples(tensor, tensor); // one batch an epoch
    Loss loss = Loss.uniform(Loss.Measure.RELATIVE_L2, SIZE, SIZE);
    TrainingSettings settings =
        TrainingSettings.of(WARM_UP + STEPS).withBatchSize(BATCH).withPatience(Integer.MAX_VALUE);
    long[] atFirst = {0};
    new Trainer(settings, loss)
        .train(
            operator,
            samples,
            samples,
            progress -> {
              if (progress.epoch() == WARM_UP) {
                atFirst[0] = residentKb();
              }
            });
    return residentKb() - atFirst[0];
  }

  /** So that its first use does not look like growth: garbage as large as the heap. */
  private static void touchTheHeap() {
    long megabytes = Runtime.getRuntime().maxMemory() >> 20;
    byte[][] kept = new byte[8][];
    for (int i = 0; i < megabytes; i++) {
      kept[i % kept.length] = new byte[1 << 20];
    }
    assertThat(kept[0]).isNotNull();
  }

  private static long residentKb() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findAny()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Forgets to free one copy of its input per call. */
  private record Leaking(M2no operator, NDManager forgotten) implements TrainableOperator {
    Leaking(M2no operator) {
      this(operator, Devices.newManager());
    }

    @Override
    public NDArray forward(NDManager scope, Tensor input) {
      NDArray copy = Devices.place(forgotten, input).add(0);
      NDScope.unregister(copy);
      return operator.forward(scope, input);
    }

    @Override
    public Map<String, NDArray> parameters() {
      return operator.parameters();
    }

    @Override
    public List<String> head() {
      return operator.head();
    }

    @Override
    public Tensor apply(Tensor input) {
      return operator.apply(input);
    }

    @Override
    public int inputChannels() {
      return operator.inputChannels();
    }

    @Override
    public int outputChannels() {
      return operator.outputChannels();
    }

    @Override
    public Weights weights() {
      return operator.weights();
    }

    @Override
    public void close() {
      forgotten.close();
    }
  }
}
