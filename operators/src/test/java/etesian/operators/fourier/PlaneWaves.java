package etesian.operators.fourier;

import java.util.Arrays;

/** Plane waves, written down as they are defined. */
final class PlaneWaves {
  private PlaneWaves() {}

  /** exp(2 pi i f j / n) at every point, row-major: real and imaginary part. */
  static double[][] at(int[] frequency, int... grid) {
    int points = Arrays.stream(grid).reduce(1, (a, b) -> a * b);
    double[][] wave = new double[points][];
    for (int point = 0; point < points; point++) {
      double turns = 0;
      int rest = point;
      for (int axis = grid.length - 1; axis >= 0; axis--) {
        turns += (double) frequency[axis] * (rest % grid[axis]) / grid[axis];
        rest /= grid[axis];
      }
      double angle = 2 * Math.PI * turns;
      wave[point] = new double[] {Math.cos(angle), Math.sin(angle)};
    }
    return wave;
  }
}
