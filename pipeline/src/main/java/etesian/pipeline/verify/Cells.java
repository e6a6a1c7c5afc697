package etesian.pipeline.verify;

import etesian.ingest.field.Grid;
import etesian.ingest.wire.Binary;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.FloatBuffer;

/** Arrays with a value per cell: their weights, and how they lie in state. */
final class Cells {
  private static final int ABSENT = -1;

  private Cells() {}

  /**
   * Weight of each cell, shape (cells): {@link Grid#weight}, the cosine of its latitude where rows
   * are even, normalised to mean 1 over the grid (WeatherBench, Rasp et al. 2020).
   */
  static double[] weights(Grid grid) {
    double[] weights = new double[grid.cells()];
    double sum = 0;
    for (int row = 0; row < grid.rows(); row++) {
      double weight = grid.weight(row);
      for (int column = 0; column < grid.columns(); column++) {
        weights[row * grid.columns() + column] = weight;
        sum += weight;
      }
    }
    for (int cell = 0; cell < weights.length; cell++) {
      weights[cell] *= weights.length / sum;
    }
    return weights;
  }

  /** The array itself, or null when no cell has a value. */
  static float[] nullIfEmpty(float[] values) {
    for (float value : values) {
      if (Float.isFinite(value)) {
        return values;
      }
    }
    return null;
  }

  /** Number of values, then the values as one block; null is a number of -1. */
  static void write(float[] values, DataOutput out) throws IOException {
    if (values == null) {
      out.writeInt(ABSENT);
      return;
    }
    out.writeInt(values.length);
    Binary.floats(FloatBuffer.wrap(values), out);
  }

  static float[] read(DataInput in) throws IOException {
    int count = in.readInt();
    return count == ABSENT ? null : Binary.floats(count, in);
  }
}
