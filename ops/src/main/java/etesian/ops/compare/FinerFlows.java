package etesian.ops.compare;

import etesian.operators.Tensor;
import java.nio.file.Path;
import java.util.function.DoubleConsumer;

/**
 * More flows as {@link Flows} has them, solved on a grid twice as fine: what a network that learned
 * on the coarse grid is asked about on both, a step at a time. The coarse fields are every second
 * point of the fine ones, so that both errors are of the same flows; what waves too short for the
 * coarse grid add to them is below 0.5 % of a field.
 *
 * @param vorticity shape (flows, {@link #TIMES}, {@link #SIZE}, {@link #SIZE})
 */
record FinerFlows(Tensor vorticity) {
  static final int SIZE = 2 * Flows.SIZE;
  static final int FLOWS = 4;

  private static final int START_EVERY = 5;
  private static final int STARTS = 3; // as rollouts of ten steps have them

  static final int TIMES = (STARTS - 1) * START_EVERY + 2;

  /** From a file of an earlier call, or into one. */
  static FinerFlows kept(Path folder, long seed, DoubleConsumer progress) {
    Path file =
        folder.resolve(
            "navier-stokes-%d-flows-%d-points-seed-%d.safetensors".formatted(FLOWS, SIZE, seed));
    return new FinerFlows(
        Flows.kept(
            file,
            () ->
                new Tensor(
                    Flows.solved(SIZE, FLOWS, TIMES, seed, progress), FLOWS, TIMES, SIZE, SIZE)));
  }

  /**
   * Fields so many steps after each start.
   *
   * @param steps 0 or 1
   * @return shape (starts of all flows, 1, SIZE, SIZE)
   */
  Tensor fine(int steps) {
    return every(1, steps);
  }

  /** The same on the grid of {@link Flows}. */
  Tensor coarse(int steps) {
    return every(2, steps);
  }

  private Tensor every(int stride, int steps) {
    int size = SIZE / stride;
    int samples = FLOWS * STARTS;
    float[] chosen = new float[samples * size * size];
    for (int i = 0; i < chosen.length; i++) {
      int sample = i / (size * size);
      int field = sample / STARTS * TIMES + sample % STARTS * START_EVERY + steps;
      int row = i / size % size * stride;
      int column = i % size * stride;
      chosen[i] = vorticity.values()[(field * SIZE + row) * SIZE + column];
    }
    return new Tensor(chosen, samples, 1, size, size);
  }
}
