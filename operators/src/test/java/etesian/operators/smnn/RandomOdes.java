package etesian.operators.smnn;

import java.util.Random;

/** Random well-posed problems of a given shape. */
final class RandomOdes {
  private RandomOdes() {}

  /**
   * Shape of a problem; {@code shared} bits let inputs serve for all: c, r, v, h by batch, by time.
   */
  record Shape(
      int batch,
      int points,
      int equations,
      int variables,
      int orders,
      boolean central,
      int shared) {
    private int batchOf(int bit) {
      return (shared >> bit & 1) == 1 ? 1 : batch;
    }

    private int timeOf(int bit, int length) {
      return (shared >> bit & 1) == 1 ? 1 : length;
    }
  }

  static LinearOde of(Shape s, long seed) {
    Random random = new Random(seed);
    DoubleTensor steps = DoubleTensor.zeros(s.batchOf(3), s.timeOf(6, s.points - 1));
    for (int i = 0; i < steps.values().length; i++) {
      steps.values()[i] = 0.5 + random.nextDouble();
    }
    return new LinearOde(
        normal(random, s.batchOf(0), s.timeOf(4, s.points), s.equations, s.variables, s.orders),
        normal(random, s.batchOf(1), s.timeOf(5, s.points), s.equations),
        normal(random, s.batchOf(2), 2, s.variables, s.orders),
        steps,
        s.points,
        new LinearOde.Penalties(1.5, 2, 0.7),
        s.central);
  }

  static DoubleTensor normal(Random random, int... shape) {
    DoubleTensor tensor = DoubleTensor.zeros(shape);
    for (int i = 0; i < tensor.values().length; i++) {
      tensor.values()[i] = random.nextGaussian();
    }
    return tensor;
  }
}
