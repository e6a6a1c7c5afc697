package etesian.operators.fourier;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.operators.Devices;
import etesian.operators.Tensor;
import etesian.operators.spectral.NavierStokes;
import etesian.operators.training.Growth;
import etesian.operators.training.Loss;
import etesian.operators.training.Samples;
import etesian.operators.training.Trainer;
import etesian.operators.training.TrainingSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Growth by gradient energy, where it should grow and where it should not: the vorticity of a flow
 * that is to be forecast has waves of all lengths down to a smallest.
 */
class GrowthOnFlowsTest {
  private static final int N = 24;

  @BeforeAll
  static void oneThread() {
    Devices.setThreads(1);
  }

  @Test
  void smallEddiesAskForModesAndLargeOnesDoNot() {
    List<Integer> large = modesAfter(flows(2));
    List<Integer> small = modesAfter(flows(7));
    assertThat(large).as("-3 to 2 along rows, 0 to 3 along columns").allMatch(m -> m <= 6);
    assertThat(small).allMatch(m -> m >= 8);
  }

  /** From frequencies -2 to 1 and 0 to 2 of at most -10 to 9 and 0 to 10. */
  private static List<Integer> modesAfter(Samples pairs) {
    FnoLayer layer = FnoLayer.of(8, List.of(20, 20));
    FnoSettings few =
        FnoSettings.builder(Architecture.FNO, 1, 1, List.of(layer, layer))
            .build()
            .withModes(List.of(4, 4));
    TrainingSettings settings = TrainingSettings.of(20).withBatchSize(8).withLearningRate(5e-3);
    try (Fno fno = Fno.create(few, 1)) {
      List<Integer> modes = new ArrayList<>();
      new Trainer(settings, Loss.uniform(Loss.Measure.RELATIVE_L2, N, N))
          .growing(new Growth.GradientEnergy(0.95, 1))
          .train(
              fno,
              pairs,
              pairs,
              progress -> {
                modes.clear();
                modes.addAll(fno.settings().layers().get(0).modes());
              });
      return modes;
    }
  }

  /** Vorticity of mean square 9, now and a unit of time later. */
  private static Samples flows(int waves) {
    int count = 32;
    double[] now = eddies(count, waves);
    try (NavierStokes flow = new NavierStokes(N, 1e-3, 0.01, 100)) {
      double[] later = flow.advance(now, new double[N * N]);
      return new Samples(tensor(now, count), tensor(later, count));
    }
  }

  /** Random waves of equal strength, none shorter than that on either axis. */
  private static double[] eddies(int count, int waves) {
    Random random = new Random(1);
    double[] fields = new double[count * N * N];
    double strength = 3 / Math.sqrt(waves * (waves + 1));
    for (int s = 0; s < count; s++) {
      for (int kx = -waves; kx <= waves; kx++) {
        for (int ky = 0; ky <= waves; ky++) {
          if (ky > 0 || kx > 0) {
            double phase = 2 * Math.PI * random.nextDouble();
            for (int i = 0; i < N * N; i++) {
              double turns = (double) (kx * (i / N) + ky * (i % N)) / N;
              fields[s * N * N + i] += strength * Math.cos(2 * Math.PI * turns + phase);
            }
          }
        }
      }
    }
    return fields;
  }

  private static Tensor tensor(double[] values, int count) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return new Tensor(floats, count, 1, N, N);
  }
}
