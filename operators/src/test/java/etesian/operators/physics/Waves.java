package etesian.operators.physics;

import etesian.operators.Tensor;
import java.util.function.DoubleBinaryOperator;

/** Functions put on grids. */
final class Waves {
  private Waves() {}

  /** Shape (1, channels, rows, columns), of (row, column) each. */
  static Tensor channels(int rows, int columns, DoubleBinaryOperator... functions) {
    float[] values = new float[functions.length * rows * columns];
    for (int i = 0; i < values.length; i++) {
      int cell = i % (rows * columns);
      int row = cell / columns;
      DoubleBinaryOperator function = functions[i / (rows * columns)];
      values[i] = (float) function.applyAsDouble(row, cell % columns);
    }
    return new Tensor(values, 1, functions.length, rows, columns);
  }

  static DoubleBinaryOperator constant(double value) {
    return (row, column) -> value;
  }
}
