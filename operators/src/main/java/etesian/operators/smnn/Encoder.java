package etesian.operators.smnn;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * A network of one hidden layer in float64 from the history of a cell to what {@link Correction}
 * makes coefficients of; the same for every cell. An anomaly and its mirror image obey the same
 * law, so rates and frequencies are even functions of the history and targets are odd ones:
 *
 * <pre>
 *   g(y) = tanh( W1 y + b1 )
 *   even output k:  z_k = W2_k ( g(y) + g(-y) ) / 2 + b2_k
 *   odd output k:   z_k = W2_k ( g(y) - g(-y) ) / 2
 * </pre>
 *
 * All parameters lie in one array in the order W1 (hidden, inputs), b1 (hidden), W2 (outputs,
 * hidden), b2 (outputs; those of odd outputs stay 0).
 */
final class Encoder {
  private final int inputs;
  private final int hidden;
  private final int outputs;
  private final boolean[] odd;
  private final double[] parameters;

  /**
   * @param odd for each output whether it changes its sign with the history
   * @param parameters not copied
   */
  Encoder(int inputs, int hidden, boolean[] odd, double[] parameters) {
    outputs = odd.length;
    if (parameters.length != size(inputs, hidden, outputs)) {
      throw new IllegalArgumentException(
          String.format(
              "%d parameters for %d inputs, %d hidden units and %d outputs, expected %d",
              parameters.length, inputs, hidden, outputs, size(inputs, hidden, outputs)));
    }
    this.inputs = inputs;
    this.hidden = hidden;
    this.odd = odd;
    this.parameters = parameters;
  }

  /** W1 and b1 random, so that W1 y + b1 is about 1 in size; W2 and b2 zero: z = 0 always. */
  static Encoder untrained(int inputs, int hidden, boolean[] odd, long seed) {
    Random random = new Random(seed);
    double[] parameters = new double[size(inputs, hidden, odd.length)];
    for (int i = 0; i < hidden * (inputs + 1); i++) {
      double scale = i < hidden * inputs ? 1 / Math.sqrt(inputs) : 1;
      parameters[i] = scale * random.nextGaussian();
    }
    return new Encoder(inputs, hidden, odd, parameters);
  }

  /** The same network with other parameters, which are not copied. */
  Encoder with(double[] other) {
    return new Encoder(inputs, hidden, odd, other);
  }

  private static int size(int inputs, int hidden, int outputs) {
    return hidden * (inputs + 1) + outputs * (hidden + 1);
  }

  int inputs() {
    return inputs;
  }

  int hidden() {
    return hidden;
  }

  int outputs() {
    return outputs;
  }

  /** The parameters themselves, for an optimiser to change. */
  double[] parameters() {
    return parameters;
  }

  /**
   * A forward pass with what its gradient needs.
   *
   * @param y histories, (batch, inputs)
   * @param straight g(y), (batch, hidden)
   * @param mirrored g(-y), (batch, hidden)
   * @param z (batch, outputs)
   */
  record Pass(double[] y, double[] straight, double[] mirrored, double[] z) {}

  /**
   * @param y histories, (batch, inputs)
   */
  Pass forward(double[] y) {
    int batch = y.length / inputs;
    int b1 = hidden * inputs;
    int w2 = b1 + hidden;
    int b2 = w2 + outputs * hidden;
    double[] straight = new double[batch * hidden];
    double[] mirrored = new double[batch * hidden];
    double[] z = new double[batch * outputs];
    for (int b = 0; b < batch; b++) {
      for (int h = 0; h < hidden; h++) {
        double sum = 0;
        for (int i = 0; i < inputs; i++) {
          sum += parameters[h * inputs + i] * y[b * inputs + i];
        }
        straight[b * hidden + h] = Math.tanh(parameters[b1 + h] + sum);
        mirrored[b * hidden + h] = Math.tanh(parameters[b1 + h] - sum);
      }
      for (int k = 0; k < outputs; k++) {
        double sum = odd[k] ? 0 : parameters[b2 + k];
        for (int h = 0; h < hidden; h++) {
          sum += parameters[w2 + k * hidden + h] * feature(straight, mirrored, b, h, odd[k]);
        }
        z[b * outputs + k] = sum;
      }
    }
    return new Pass(y, straight, mirrored, z);
  }

  private double feature(double[] straight, double[] mirrored, int b, int h, boolean odd) {
    double other = mirrored[b * hidden + h];
    return (straight[b * hidden + h] + (odd ? -other : other)) / 2;
  }

  /** Gradient by the parameters of a scalar whose gradient by z is given. */
  double[] gradient(Pass pass, double[] byZ) {
    int batch = byZ.length / outputs;
    int b1 = hidden * inputs;
    int w2 = b1 + hidden;
    int b2 = w2 + outputs * hidden;
    double[] gradient = new double[parameters.length];
    for (int b = 0; b < batch; b++) {
      for (int k = 0; k < outputs; k++) {
        gradient[b2 + k] += odd[k] ? 0 : byZ[b * outputs + k];
      }
      for (int h = 0; h < hidden; h++) {
        double byStraight = 0;
        double byMirrored = 0;
        for (int k = 0; k < outputs; k++) {
          double by = byZ[b * outputs + k];
          double weight = parameters[w2 + k * hidden + h] / 2;
          gradient[w2 + k * hidden + h] += by * feature(pass.straight, pass.mirrored, b, h, odd[k]);
          byStraight += by * weight;
          byMirrored += odd[k] ? -by * weight : by * weight;
        }
        byStraight *= slope(pass.straight[b * hidden + h]);
        byMirrored *= slope(pass.mirrored[b * hidden + h]);
        gradient[b1 + h] += byStraight + byMirrored;
        for (int i = 0; i < inputs; i++) {
          gradient[h * inputs + i] += (byStraight - byMirrored) * pass.y[b * inputs + i];
        }
      }
    }
    return gradient;
  }

  private static double slope(double tanh) {
    return 1 - tanh * tanh;
  }

  /** The four arrays by their names in a weights file. */
  Map<String, DoubleTensor> tensors() {
    Map<String, DoubleTensor> tensors = new LinkedHashMap<>();
    int at = 0;
    for (Map.Entry<String, int[]> entry : shapes(inputs, hidden, outputs).entrySet()) {
      int size = Arrays.stream(entry.getValue()).reduce(1, Math::multiplyExact);
      tensors.put(
          entry.getKey(),
          new DoubleTensor(Arrays.copyOfRange(parameters, at, at + size), entry.getValue()));
      at += size;
    }
    return tensors;
  }

  /** Names and shapes in the order of the parameters. */
  static Map<String, int[]> shapes(int inputs, int hidden, int outputs) {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    shapes.put("encoder.hidden.weight", new int[] {hidden, inputs});
    shapes.put("encoder.hidden.bias", new int[] {hidden});
    shapes.put("encoder.output.weight", new int[] {outputs, hidden});
    shapes.put("encoder.output.bias", new int[] {outputs});
    return shapes;
  }
}
