package etesian.operators.smnn;

import etesian.operators.Tensor;
import etesian.operators.Weights;
import java.util.Arrays;
import java.util.Map;

/**
 * What the clock and the neighbours add to a mechanism: for each phase p of the day a linear
 * correction of every lead from the history of the whole field, in the amplitudes z of its {@link
 * Patterns}:
 *
 * <pre>
 *   forecast(lead) = mechanism(lead) + patterns( W_p,lead phi ),   phi_j = z(t - j) / (1 + j)
 * </pre>
 *
 * with j = 0 the newest step. The mechanism has one law for all hours; after sunrise the air obeys
 * another one than at night. It also knows each cell from itself alone, while anomalies of a field
 * hang together. Of steps of a day and longer there is one phase. A field of zeros is corrected by
 * zeros.
 */
final class DailyCorrection {
  static final String PHASES = "architecture.daily_phases";
  private static final String WEIGHT = "daily.weight";
  private static final String RIDGE = "daily.ridge";
  private static final String EXPAND = "daily.patterns";
  private static final String PROJECT = "daily.projection";

  private static final int CLOCK_CHANNELS = 2;

  private final Patterns patterns;
  private final int history;
  private final int horizon;
  private final float[][][] weights; // [phase][lead x pattern][step back x pattern]
  private final double[] ridge; // by lead, relative to the variance of the field

  DailyCorrection(
      Patterns patterns, int history, int horizon, float[][][] weights, double[] ridge) {
    this.patterns = patterns;
    this.history = history;
    this.horizon = horizon;
    this.weights = weights;
    this.ridge = ridge;
  }

  /**
   * That of a weights file; null without one.
   *
   * @throws IllegalArgumentException incomplete, or of other shapes
   */
  static DailyCorrection of(Weights file, int history, int horizon) {
    String given = file.metadata().get(PHASES);
    if (given == null) {
      return null;
    }
    int phases = Integer.parseInt(given);
    Tensor expand = file.tensors().get(EXPAND);
    if (expand == null || expand.shape().length != 2) {
      throw new IllegalArgumentException(
          "tensor '" + EXPAND + "' is " + expand + ", expected (patterns, cells)");
    }
    long[] shape = expand.shape();
    int outputs = Math.toIntExact(horizon * shape[0]);
    int inputs = Math.toIntExact(history * shape[0]);
    Tensor weight = tensor(file, WEIGHT, phases, outputs, inputs);
    float[][][] weights = new float[phases][outputs][inputs];
    for (int p = 0; p < phases; p++) {
      for (int o = 0; o < outputs; o++) {
        System.arraycopy(weight.values(), (p * outputs + o) * inputs, weights[p][o], 0, inputs);
      }
    }
    double[] ridge = new double[horizon];
    Tensor stored = tensor(file, RIDGE, horizon);
    Arrays.setAll(ridge, lead -> stored.values()[lead]);
    return new DailyCorrection(
        Patterns.of(expand, tensor(file, PROJECT, shape)), history, horizon, weights, ridge);
  }

  private static Tensor tensor(Weights file, String name, long... shape) {
    Tensor tensor = file.tensors().get(name);
    if (tensor == null || !Arrays.equals(tensor.shape(), shape)) {
      throw new IllegalArgumentException(
          "tensor '" + name + "' is " + tensor + ", expected " + Arrays.toString(shape));
    }
    return tensor;
  }

  void addTo(Map<String, Tensor> tensors, Map<String, String> metadata) {
    int outputs = weights[0].length;
    int inputs = weights[0][0].length;
    float[] all = new float[weights.length * outputs * inputs];
    for (int p = 0; p < weights.length; p++) {
      for (int o = 0; o < outputs; o++) {
        System.arraycopy(weights[p][o], 0, all, (p * outputs + o) * inputs, inputs);
      }
    }
    float[] strengths = new float[ridge.length];
    for (int lead = 0; lead < strengths.length; lead++) {
      strengths[lead] = (float) ridge[lead];
    }
    metadata.put(PHASES, Integer.toString(weights.length));
    tensors.put(WEIGHT, new Tensor(all, weights.length, outputs, inputs));
    tensors.put(RIDGE, new Tensor(strengths, strengths.length));
    tensors.put(EXPAND, patterns.expand());
    tensors.put(PROJECT, patterns.project());
  }

  Patterns patterns() {
    return patterns;
  }

  int phases() {
    return weights.length;
  }

  /** Channels of the input that say what time it is; none where that makes no difference. */
  int clockChannels() {
    return phases() > 1 ? CLOCK_CHANNELS : 0;
  }

  double[] ridge() {
    return ridge.clone();
  }

  float[][][] weights() {
    return weights;
  }

  /** The weight of a step of the history: what is long past says less. */
  static double fading(int back) {
    return 1.0 / (1 + back);
  }

  /** The phase nearest to an hour angle, which is 0 at midnight UTC and 2 pi a day later. */
  int phase(double sine, double cosine) {
    double turns = Math.atan2(sine, cosine) / (2 * Math.PI);
    return Math.floorMod(Math.round(turns * phases()), phases());
  }

  /**
   * Adds itself to forecasts.
   *
   * @param in (batch, history + {@link #clockChannels}, cells)
   * @param out (batch, horizon, cells)
   */
  void add(float[] in, int batch, int cells, float[] out) {
    if (cells != patterns.cells()) {
      throw new IllegalArgumentException(
          "a field of " + cells + " cells, expected " + patterns.cells());
    }
    int count = patterns.count();
    double[] z = new double[count];
    float[] phi = new float[history * count];
    for (int b = 0; b < batch; b++) {
      int first = b * (history + clockChannels()) * cells;
      for (int back = 0; back < history; back++) {
        patterns.amplitudes(in, first + (history - 1 - back) * cells, z);
        for (int k = 0; k < count; k++) {
          phi[back * count + k] = (float) (z[k] * fading(back));
        }
      }
      int clock = first + history * cells;
      float[][] w = weights[phases() > 1 ? phase(in[clock], in[clock + cells]) : 0];
      for (int lead = 0; lead < horizon; lead++) {
        for (int k = 0; k < count; k++) {
          z[k] = dot(w[lead * count + k], phi);
        }
        patterns.add(z, out, (b * horizon + lead) * cells);
      }
    }
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
