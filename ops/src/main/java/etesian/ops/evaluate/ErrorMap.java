package etesian.ops.evaluate;

import etesian.ingest.field.Field;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Errors of one variable and lead, cell by cell, over all issue times: mean of f - o and root of
 * the mean of (f - o)^2. Mutable, for one thread.
 */
public final class ErrorMap {
  private final double[] sum;
  private final double[] squares;
  private final int[] count;

  ErrorMap(int cells) {
    sum = new double[cells];
    squares = new double[cells];
    count = new int[cells];
  }

  void add(float[] forecast, Field observation) {
    FloatBuffer observed = observation.values();
    for (int cell = 0; cell < sum.length; cell++) {
      double error = (double) forecast[cell] - observed.get(cell);
      if (!Double.isNaN(error)) {
        sum[cell] += error;
        squares[cell] += error * error;
        count[cell]++;
      }
    }
  }

  /** Shape (cells), in the unit of the variable; NaN where nothing was compared. */
  public float[] bias() {
    float[] bias = new float[sum.length];
    Arrays.fill(bias, Float.NaN);
    for (int cell = 0; cell < bias.length; cell++) {
      if (count[cell] > 0) {
        bias[cell] = (float) (sum[cell] / count[cell]);
      }
    }
    return bias;
  }

  /** Shape (cells), in the unit of the variable; NaN where nothing was compared. */
  public float[] rmse() {
    float[] rmse = new float[sum.length];
    Arrays.fill(rmse, Float.NaN);
    for (int cell = 0; cell < rmse.length; cell++) {
      if (count[cell] > 0) {
        rmse[cell] = (float) Math.sqrt(squares[cell] / count[cell]);
      }
    }
    return rmse;
  }
}
