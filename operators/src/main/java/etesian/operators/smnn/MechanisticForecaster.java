package etesian.operators.smnn;

import etesian.operators.NeuralOperator;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.operators.smnn.Correction.Forced;
import etesian.operators.smnn.Mechanism.Law;
import etesian.operators.smnn.Mechanism.Mode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * Forecasts each cell of a grid over the whole horizon from its history by one linear ODE system
 * that spans both. Input (batch, history, rows, columns), output (batch, horizon, rows, columns):
 * standardised anomalies at equal steps, oldest first; no NaN. Grids may be of any size.
 *
 * <p>Without an encoder all cells share one {@link Mechanism}: the solve is done once, at
 * construction, for unit histories, and {@link #apply} is a small matrix product for each cell.
 * With an encoder ({@link EncoderTrainer}) each cell has decay rates, frequencies and targets of
 * its own, read from its history, and is solved by itself, {@value #CHUNK} cells in one call of the
 * solver. Either way {@link #coefficients} gives them, a cell of zeros gives zeros, and a history
 * of the other sign the forecast of the other sign. Holds nothing outside the heap.
 *
 * <p>With a {@link DailyCorrection} ({@link DailyCorrectionTrainer}) what is left open is forecast
 * from the whole field, and the grid is that of training. Where it is one for each hour of the day
 * the input has two more channels: sine and cosine of the hour angle of the newest step, 0 at
 * midnight UTC and the same in all cells.
 */
public final class MechanisticForecaster implements NeuralOperator {
  /** The architecture that {@link Weights} of this operator name. */
  public static final String ARCHITECTURE = "smnn";

  private static final String HIDDEN = "architecture.encoder_hidden";
  private static final int CHUNK = 256;

  private final Mechanism mechanism;
  private final int history;
  private final int horizon;
  private final Encoder encoder; // null: the mechanism of all cells
  private final DailyCorrection daily; // null: every cell by itself, all hours alike
  private final float[][] response; // null with an encoder

  /**
   * @param mechanism the law of every cell
   * @param history steps that are seen, at least 2
   * @param horizon steps that are forecast, at least 1
   */
  public MechanisticForecaster(Mechanism mechanism, int history, int horizon) {
    this(mechanism, null, null, history, horizon);
  }

  /**
   * @param encoder of the coefficients of each cell; null for the same everywhere
   * @param daily what depends on the hour and on other cells; null for nothing
   */
  MechanisticForecaster(
      Mechanism mechanism, Encoder encoder, DailyCorrection daily, int history, int horizon) {
    if (history < 2 || horizon < 1) {
      throw new IllegalArgumentException(
          "history " + history + " and horizon " + horizon + ": expected at least 2 and 1");
    }
    this.mechanism = mechanism;
    this.history = history;
    this.horizon = horizon;
    this.encoder = encoder;
    this.daily = daily;
    response = encoder == null ? response(mechanism, history, horizon) : null;
  }

  private static float[][] response(Mechanism mechanism, int history, int horizon) {
    double[][] exact = new Response(mechanism, history, horizon).matrix();
    float[][] response = new float[horizon][history];
    for (int lead = 0; lead < horizon; lead++) {
      for (int j = 0; j < history; j++) {
        response[lead][j] = (float) exact[lead][j];
      }
    }
    return response;
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
    Mechanism mechanism = new Mechanism(modes);
    int history = Integer.parseInt(setting(weights, "history"));
    int horizon = Integer.parseInt(setting(weights, "horizon"));
    return new MechanisticForecaster(
        mechanism,
        weights.metadata().containsKey(HIDDEN) ? encoder(weights, mechanism, history) : null,
        DailyCorrection.of(weights, history, horizon),
        history,
        horizon);
  }

  private static Encoder encoder(Weights weights, Mechanism mechanism, int history) {
    int hidden = Integer.parseInt(weights.metadata().get(HIDDEN));
    boolean[] odd = new Correction(mechanism).odd();
    DoubleStream.Builder parameters = DoubleStream.builder();
    Encoder.shapes(history, hidden, odd.length)
        .forEach(
            (name, shape) -> {
              Tensor tensor = weights.tensors().get(name);
              long[] expected = Arrays.stream(shape).asLongStream().toArray();
              if (tensor == null || !Arrays.equals(tensor.shape(), expected)) {
                throw new IllegalArgumentException(
                    "tensor '" + name + "' is " + tensor + ", expected " + Arrays.toString(shape));
              }
              for (float value : tensor.values()) {
                parameters.add(value);
              }
            });
    return new Encoder(history, hidden, odd, parameters.build().toArray());
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
    check(input, inputChannels());
    long[] shape = input.shape();
    int batch = Math.toIntExact(shape[0]);
    int cells = Math.toIntExact(shape[2] * shape[3]);
    float[] out = new float[Math.multiplyExact(batch * horizon, cells)];
    if (encoder == null) {
      applyResponse(input.values(), batch, cells, out);
    } else {
      applyEncoder(input.values(), batch, cells, out);
    }
    if (daily != null) {
      daily.add(input.values(), batch, cells, out);
    }
    return new Tensor(out, batch, horizon, shape[2], shape[3]);
  }

  private static void check(Tensor input, int channels) {
    long[] shape = input.shape();
    if (shape.length != 4 || shape[1] != channels) {
      throw new IllegalArgumentException(
          input + ": expected (batch, " + channels + ", rows, columns)");
    }
  }

  private void applyResponse(float[] in, int batch, int cells, float[] out) {
    float[] sum = new float[cells];
    for (int b = 0; b < batch; b++) {
      for (int lead = 0; lead < horizon; lead++) {
        Arrays.fill(sum, 0);
        for (int j = 0; j < history; j++) {
          float r = response[lead][j];
          int at = (b * inputChannels() + j) * cells;
          for (int cell = 0; cell < cells; cell++) {
            sum[cell] += r * in[at + cell];
          }
        }
        System.arraycopy(sum, 0, out, (b * horizon + lead) * cells, cells);
      }
    }
  }

  private void applyEncoder(float[] in, int batch, int cells, float[] out) {
    EncodedForecast model = new EncodedForecast(mechanism, encoder, history, horizon);
    int all = Math.multiplyExact(batch, cells);
    for (int from = 0; from < all; from += CHUNK) {
      int count = Math.min(CHUNK, all - from);
      double[] y = new double[count * history];
      for (int i = 0; i < count; i++) {
        read(in, from + i, inputChannels(), cells, y, i * history);
      }
      double[] forecast = model.of(y);
      for (int i = 0; i < count; i++) {
        int first = first(from + i, horizon, cells);
        for (int lead = 0; lead < horizon; lead++) {
          out[first + lead * cells] = (float) forecast[i * horizon + lead];
        }
      }
    }
  }

  /** Writes the history of the n-th cell of all batch elements to {@code y[at..]}. */
  private void read(float[] in, int n, int channels, int cells, double[] y, int at) {
    int first = first(n, channels, cells);
    for (int j = 0; j < history; j++) {
      y[at + j] = in[first + j * cells];
    }
  }

  /** Where the first channel of the n-th cell of all batch elements lies. */
  private static int first(int n, int channels, int cells) {
    return n / cells * channels * cells + n % cells;
  }

  /**
   * What the forecast of each cell rests on, as physics: for each mode {@code e_folding_steps}; for
   * an oscillation also {@code period_steps} and {@code damping_ratio} (1 is critical); then {@code
   * target}, the standardised anomaly that the forcing draws it to (0 without an encoder).
   *
   * @param input (batch, history, rows, columns): as for {@link #apply}, without the hour
   */
  public Coefficients coefficients(Tensor input) {
    check(input, history);
    long[] shape = input.shape();
    int batch = Math.toIntExact(shape[0]);
    int cells = Math.toIntExact(shape[2] * shape[3]);
    List<String> names = Coefficients.names(mechanism.modes());
    float[] values = new float[Math.multiplyExact(batch * names.size(), cells)];
    List<Forced> shared = mechanism.modes().stream().map(mode -> new Forced(mode, 0)).toList();
    EncodedForecast model =
        encoder == null ? null : new EncodedForecast(mechanism, encoder, history, horizon);
    double[] y = new double[history];
    for (int n = 0; n < batch * cells; n++) {
      read(input.values(), n, history, cells, y, 0);
      double[] read = Coefficients.values(model == null ? shared : model.modes(y));
      for (int k = 0; k < read.length; k++) {
        values[first(n, read.length, cells) + k * cells] = (float) read[k];
      }
    }
    return new Coefficients(names, new Tensor(values, batch, names.size(), shape[2], shape[3]));
  }

  /** Which maps {@link #coefficients} gives. */
  public List<String> coefficientNames() {
    return Coefficients.names(mechanism.modes());
  }

  /** Whether {@link #coefficients} differ from cell to cell. */
  public boolean hasEncoder() {
    return encoder != null;
  }

  /** Decay times, periods and how strictly they hold; what an encoder corrects. */
  public Mechanism mechanism() {
    return mechanism;
  }

  /** Steps that are seen. */
  public int history() {
    return history;
  }

  /** Phases of the day that the correction tells apart; 0 without one. */
  public int phases() {
    return daily == null ? 0 : daily.phases();
  }

  DailyCorrection daily() {
    return daily;
  }

  @Override
  public int inputChannels() {
    return history + (daily == null ? 0 : daily.clockChannels());
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
    if (encoder != null) {
      metadata.put(HIDDEN, Integer.toString(encoder.hidden()));
      encoder.tensors().forEach((name, t) -> tensors.put(name, tensor(t.values(), t.shape())));
    }
    if (daily != null) {
      daily.addTo(tensors, metadata);
    }
    return new Weights(metadata, tensors);
  }

  private static Tensor tensor(double[] values) {
    return tensor(values, values.length);
  }

  private static Tensor tensor(double[] values, int... shape) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return new Tensor(floats, Arrays.stream(shape).asLongStream().toArray());
  }

  @Override
  public void close() {
    // nothing lives outside the heap
  }
}
