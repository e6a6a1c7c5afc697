package etesian.operators.smnn;

import etesian.operators.NeuralOperator;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.operators.smnn.Mechanism.Law;
import etesian.operators.smnn.Mechanism.Mode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Forecasts each cell of a grid over the whole horizon from its history by one linear ODE system
 * that spans both. Input (batch, history, rows, columns), output (batch, horizon, rows, columns):
 * standardised anomalies at equal steps, oldest first; no NaN (a cell of zeros gives zeros). Grids
 * may be of any size, and all cells share one {@link Mechanism}.
 *
 * <p>The solve is done once, at construction, for unit histories; {@link #apply} is then a small
 * matrix product for each cell. Holds nothing outside the heap.
 */
public final class MechanisticForecaster implements NeuralOperator {
  /** The architecture that {@link Weights} of this operator name. */
  public static final String ARCHITECTURE = "smnn";

  private final Mechanism mechanism;
  private final int history;
  private final int horizon;
  private final float[][] response;

  /**
   * @param mechanism the law of every cell
   * @param history steps that are seen, at least 2
   * @param horizon steps that are forecast, at least 1
   */
  public MechanisticForecaster(Mechanism mechanism, int history, int horizon) {
    if (history < 2 || horizon < 1) {
      throw new IllegalArgumentException(
          "history " + history + " and horizon " + horizon + ": expected at least 2 and 1");
    }
    this.mechanism = mechanism;
    this.history = history;
    this.horizon = horizon;
    double[][] exact = new Response(mechanism, history, horizon).matrix();
    response = new float[horizon][history];
    for (int lead = 0; lead < horizon; lead++) {
      for (int j = 0; j < history; j++) {
        response[lead][j] = (float) exact[lead][j];
      }
    }
  }

  /**
   * @param weights as {@link #weights} gives them
   * @throws IllegalArgumentException when they are of another architecture or incomplete
   */
  public static MechanisticForecaster of(Weights weights) {
    String architecture = weights.metadata().get("architecture");
    if (!ARCHITECTURE.equals(architecture)) {
      throw new IllegalArgumentException(
          "weights of architecture '" + architecture + "', expected '" + ARCHITECTURE + "'");
    }
    String[] laws = setting(weights, "modes").split(",");
    List<Mode> modes = new ArrayList<>();
    for (int d = 0; d < laws.length; d++) {
      modes.add(
          new Mode(
              Law.valueOf(laws[d].toUpperCase(Locale.ROOT)),
              value(weights, "rate", d, laws.length),
              value(weights, "frequency", d, laws.length),
              value(weights, "gain", d, laws.length),
              value(weights, "stiffness", d, laws.length),
              value(weights, "prior", d, laws.length)));
    }
    return new MechanisticForecaster(
        new Mechanism(modes),
        Integer.parseInt(setting(weights, "history")),
        Integer.parseInt(setting(weights, "horizon")));
  }

  private static String setting(Weights weights, String name) {
    String value = weights.metadata().get("architecture." + name);
    if (value == null) {
      throw new IllegalArgumentException("weights without metadata 'architecture." + name + "'");
    }
    return value;
  }

  private static double value(Weights weights, String name, int mode, int modes) {
    Tensor tensor = weights.tensors().get(name);
    if (tensor == null || tensor.values().length != modes) {
      throw new IllegalArgumentException(
          "tensor '"
              + name
              + "' is "
              + tensor
              + ", expected a value for each of "
              + modes
              + " modes");
    }
    return tensor.values()[mode];
  }

  @Override
  public Tensor apply(Tensor input) {
    long[] shape = input.shape();
    if (shape.length != 4 || shape[1] != history) {
      throw new IllegalArgumentException(
          input + ": expected (batch, " + history + ", rows, columns)");
    }
    int batch = Math.toIntExact(shape[0]);
    int cells = Math.toIntExact(shape[2] * shape[3]);
    float[] in = input.values();
    float[] out = new float[Math.multiplyExact(batch * horizon, cells)];
    float[] sum = new float[cells];
    for (int b = 0; b < batch; b++) {
      for (int lead = 0; lead < horizon; lead++) {
        Arrays.fill(sum, 0);
        for (int j = 0; j < history; j++) {
          float r = response[lead][j];
          int at = (b * history + j) * cells;
          for (int cell = 0; cell < cells; cell++) {
            sum[cell] += r * in[at + cell];
          }
        }
        System.arraycopy(sum, 0, out, (b * horizon + lead) * cells, cells);
      }
    }
    return new Tensor(out, batch, horizon, shape[2], shape[3]);
  }

  /** Decay times, periods and how strictly they hold: the product beside the forecast. */
  public Mechanism mechanism() {
    return mechanism;
  }

  @Override
  public int inputChannels() {
    return history;
  }

  @Override
  public int outputChannels() {
    return horizon;
  }

  @Override
  public Weights weights() {
    List<Mode> modes = mechanism.modes();
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("architecture", ARCHITECTURE);
    metadata.put("architecture.history", Integer.toString(history));
    metadata.put("architecture.horizon", Integer.toString(horizon));
    metadata.put(
        "architecture.modes",
        String.join(
            ",", modes.stream().map(m -> m.law().name().toLowerCase(Locale.ROOT)).toList()));
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("rate", tensor(modes.stream().mapToDouble(Mode::rate).toArray()));
    tensors.put("frequency", tensor(modes.stream().mapToDouble(Mode::frequency).toArray()));
    tensors.put("gain", tensor(modes.stream().mapToDouble(Mode::gain).toArray()));
    tensors.put("stiffness", tensor(modes.stream().mapToDouble(Mode::stiffness).toArray()));
    tensors.put("prior", tensor(modes.stream().mapToDouble(Mode::prior).toArray()));
    return new Weights(metadata, tensors);
  }

  private static Tensor tensor(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return new Tensor(floats, floats.length);
  }

  @Override
  public void close() {
    // nothing lives outside the heap
  }
}
