package etesian.operators.training;

import etesian.operators.Tensor;
import java.util.Random;

/** A wave that moves by one cell per step, on a small globe. */
final class Waves {
  static final int ROWS = 8;
  static final int COLUMNS = 16;

  private Waves() {}

  static Samples samples(int n, long seed) {
    Random random = new Random(seed);
    float[] now = new float[n * ROWS * COLUMNS];
    float[] next = new float[now.length];
    for (int s = 0; s < n; s++) {
      for (int mode = 1; mode <= 3; mode++) {
        double amplitude = random.nextGaussian();
        double phase = 2 * Math.PI * random.nextDouble();
        for (int i = 0; i < ROWS * COLUMNS; i++) {
          int row = i / COLUMNS;
          double across = Math.cos(Math.PI * (mode - 1) * (row + 0.5) / ROWS);
          double step = 2 * Math.PI * mode / COLUMNS;
          double angle = step * (i % COLUMNS) + phase;
          now[s * ROWS * COLUMNS + i] += (float) (amplitude * across * Math.cos(angle));
          next[s * ROWS * COLUMNS + i] += (float) (amplitude * across * Math.cos(angle - step));
        }
      }
    }
    return new Samples(new Tensor(now, n, 1, ROWS, COLUMNS), new Tensor(next, n, 1, ROWS, COLUMNS));
  }
}
