package etesian.operators.smnn;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Adam (Kingma and Ba, 2015) for a handful of parameters in float64. With gradient g at step t:
 *
 * <pre>
 *   m = b1 m + (1 - b1) g;   v = b2 v + (1 - b2) g^2
 *   p = p - rate m / (1 - b1^t) / ( sqrt(v / (1 - b2^t)) + 1e-12 )
 * </pre>
 */
public final class VectorAdam {
  private static final double MEAN_DECAY = 0.9;
  private static final double SQUARE_DECAY = 0.999;
  private static final double EPSILON = 1e-12;

  private final double[] mean;
  private final double[] square;
  private int steps;

  /**
   * @param size number of parameters
   */
  public VectorAdam(int size) {
    mean = new double[size];
    square = new double[size];
  }

  /**
   * @param parameters changed in place
   */
  public void step(double[] parameters, double[] gradient, double rate) {
    steps++;
    for (int i = 0; i < parameters.length; i++) {
      mean[i] += (1 - MEAN_DECAY) * (gradient[i] - mean[i]);
      square[i] += (1 - SQUARE_DECAY) * (gradient[i] * gradient[i] - square[i]);
      double unbiasedMean = mean[i] / (1 - Math.pow(MEAN_DECAY, steps));
      double unbiasedSquare = square[i] / (1 - Math.pow(SQUARE_DECAY, steps));
      parameters[i] -= rate * unbiasedMean / (Math.sqrt(unbiasedSquare) + EPSILON);
    }
  }

  /**
   * Shortens a gradient that is longer than a limit, keeping its direction.
   *
   * @param gradient changed in place; its 2-norm is at most {@code longest} afterwards
   */
  static void clip(double[] gradient, double longest) {
    double square = 0;
    for (double g : gradient) {
      square += g * g;
    }
    double norm = Math.sqrt(square);
    if (norm > longest) {
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] *= longest / norm;
      }
    }
  }

  /** Writes all that further steps depend on. */
  void save(DataOutput out) throws IOException {
    out.writeInt(steps);
    for (int i = 0; i < mean.length; i++) {
      out.writeDouble(mean[i]);
      out.writeDouble(square[i]);
    }
  }

  /** Goes on from what {@link #save} wrote for as many parameters. */
  void restore(DataInput in) throws IOException {
    steps = in.readInt();
    for (int i = 0; i < mean.length; i++) {
      mean[i] = in.readDouble();
      square[i] = in.readDouble();
    }
  }
}
