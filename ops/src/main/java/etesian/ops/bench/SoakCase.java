package etesian.ops.bench;

import etesian.operators.Tensor;
import etesian.operators.m2no.M2no;
import etesian.operators.m2no.M2noSettings;
import etesian.operators.training.Loss;
import etesian.operators.training.Samples;
import etesian.operators.training.Trainer;
import etesian.operators.training.TrainingListener;
import etesian.operators.training.TrainingSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Resident memory in the course of many passes of M2NO, after as many for warm-up: only then have
 * the pages of the heap, compiled code and buffers that wait for the collector reached what they
 * stay at. Figures: {@code passes}; {@code resident_mib} after the warm-up, {@code end_mib}, {@code
 * growth_percent}, {@code growth_kib_per_pass} and {@code flat}, whether it is below 2 percent.
 *
 * @param passes after the warm-up
 * @param training steps of Adam with one pair each instead of forward passes
 */
public record SoakCase(String name, int size, int passes, boolean training) implements Case {
  private static final double FLAT_PERCENT = 2;
  private static final int EPOCHS = 10;

  static List<Case> all() {
    return List.of(
        new SoakCase("10000 forward passes 64x64", 64, 10_000, false),
        new SoakCase("1000 training steps 64x64", 64, 1_000, true));
  }

  @Override
  public Map<String, Object> measure(Limits limits) {
    touchTheHeap();
    double[] resident = new double[2];
    M2noSettings settings = M2noCases.era5(size);
    try (M2no operator = M2no.create(settings, 1)) {
      if (training) {
        train(operator, pass -> note(resident, pass));
      } else {
        Tensor input = normal(1, settings.inChannels(), size);
        for (int pass = 1; pass <= 2 * passes; pass++) {
          operator.apply(input);
          note(resident, pass);
        }
      }
    }
    double growth = 100 * (resident[1] / resident[0] - 1);
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("passes", passes);
    figures.put("resident_mib", resident[0]);
    figures.put("end_mib", resident[1]);
    figures.put("growth_percent", growth);
    figures.put("growth_kib_per_pass", (resident[1] - resident[0]) * 1024 / passes);
    figures.put("flat", growth < FLAT_PERCENT);
    return figures;
  }

  private interface Tick {
    void after(int pass);
  }

  private void note(double[] resident, int pass) {
    if (pass == passes) {
      resident[0] = ResidentMemory.mib();
    } else if (pass == 2 * passes) {
      resident[1] = ResidentMemory.mib();
    }
  }

  private void train(M2no operator, Tick tick) {
    int pairs = 2 * passes / EPOCHS;
    Tensor input = normal(pairs, operator.inputChannels(), size);
    Tensor target = normal(pairs, operator.outputChannels(), size);
    Samples samples = new Samples(input, target);
    Samples validation = new Samples(normal(1, operator.inputChannels(), size), normal(1, 1, size));
    int[] steps = {0};
    TrainingListener listener = progress -> tick.after(++steps[0]);
    TrainingSettings settings = TrainingSettings.of(EPOCHS).withBatchSize(1).withPatience(EPOCHS);
    new Trainer(settings, Loss.uniform(Loss.Measure.RELATIVE_L2, size, size))
        .train(operator, samples, validation, listener);
  }

  private static Tensor normal(int n, int channels, int size) {
    Random random = new Random(channels);
    float[] values = new float[n * channels * size * size];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return new Tensor(values, n, channels, size, size);
  }

  /** So that the first use of its pages does not look like growth. */
  private static void touchTheHeap() {
    long mebibytes = Runtime.getRuntime().maxMemory() >> 20;
    byte[][] held = new byte[4][];
    for (int i = 0; i < mebibytes; i++) {
      held[i % held.length] = new byte[1 << 20];
    }
  }
}
