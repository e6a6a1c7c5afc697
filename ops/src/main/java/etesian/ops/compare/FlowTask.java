package etesian.ops.compare;

import etesian.operators.Tensor;
import etesian.operators.m2no.M2noSettings;
import etesian.operators.m2no.Padding;
import etesian.operators.spectral.NavierStokes;
import etesian.operators.training.Loss;
import etesian.operators.training.Samples;
import java.util.Arrays;
import java.util.function.DoubleConsumer;

/**
 * Vorticity of a forced flow on the torus, one time unit ahead, viscosity 1e-5, 64 x 64: the task
 * of the Fourier Neural Operator (Li et al., 2021), solved here. Each flow begins at random; flows,
 * not times, are kept apart for validation and test.
 */
final class FlowTask {
  private static final int SIZE = 64;
  private static final double VISCOSITY = 1e-5;
  private static final double DT = 0.01;
  private static final int STEPS_PER_UNIT = 100;

  /** Until the force has made vortices. */
  private static final int FIRST = 5;

  private static final int LAST = 25;
  private static final int BATCH = 8;

  private FlowTask() {}

  /**
   * @param flows of which an eighth each are for validation and test; a multiple of 8
   */
  static Task of(int flows, long seed, DoubleConsumer progress) {
    int pairs = LAST - FIRST;
    float[][] input = new float[flows][];
    float[][] target = new float[flows][];
    try (NavierStokes flow = new NavierStokes(SIZE, VISCOSITY, DT, STEPS_PER_UNIT)) {
      double[] force = force();
      for (int from = 0; from < flows; from += BATCH) {
        double[] w = flow.randomFields(BATCH, seed + from);
        for (int i = 0; i < BATCH; i++) {
          input[from + i] = new float[pairs * SIZE * SIZE];
          target[from + i] = new float[pairs * SIZE * SIZE];
        }
        for (int time = 0; time <= LAST; time++) {
          for (int i = 0; i < BATCH; i++) {
            if (time >= FIRST && time < LAST) {
              copy(w, i, input[from + i], time - FIRST);
            }
            if (time > FIRST) {
              copy(w, i, target[from + i], time - FIRST - 1);
            }
          }
          w = flow.advance(w, force);
          progress.accept((from + BATCH * (time + 1.0) / (LAST + 1)) / flows);
        }
      }
    }
    int eighth = flows / 8;
    M2noSettings network =
        M2noSettings.forGrid(1, 1, SIZE, SIZE, true)
            .withPadding(Padding.CIRCULAR)
            .withResidual(true);
    return new Task(
        "navier-stokes 64x64",
        network,
        Loss.uniform(Loss.Measure.RELATIVE_L2, SIZE, SIZE),
        samples(input, target, 0, flows - 2 * eighth),
        samples(input, target, flows - 2 * eighth, flows - eighth),
        samples(input, target, flows - eighth, flows));
  }

  private static void copy(double[] w, int flow, float[] to, int position) {
    int cells = SIZE * SIZE;
    for (int cell = 0; cell < cells; cell++) {
      to[position * cells + cell] = (float) w[flow * cells + cell];
    }
  }

  /** 0.1 ( sin 2 pi (x + y) + cos 2 pi (x + y) ). */
  private static double[] force() {
    double[] force = new double[SIZE * SIZE];
    Arrays.setAll(
        force,
        i -> {
          double phase = 2 * Math.PI * (i / SIZE + i % SIZE) / SIZE;
          return 0.1 * (Math.sin(phase) + Math.cos(phase));
        });
    return force;
  }

  private static Samples samples(float[][] input, float[][] target, int from, int to) {
    return new Samples(join(input, from, to), join(target, from, to));
  }

  private static Tensor join(float[][] flows, int from, int to) {
    int length = flows[0].length;
    float[] all = new float[(to - from) * length];
    for (int i = from; i < to; i++) {
      System.arraycopy(flows[i], 0, all, (i - from) * length, length);
    }
    return new Tensor(all, all.length / (SIZE * SIZE), 1, SIZE, SIZE);
  }
}
