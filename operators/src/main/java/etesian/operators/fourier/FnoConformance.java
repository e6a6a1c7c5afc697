package etesian.operators.fourier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.JsonNode;
import etesian.operators.Devices;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.operators.conformance.Comparison;
import etesian.operators.conformance.Npz;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Golden files of whole networks: prediction, loss, gradients of the input and all parameters. */
final class FnoConformance {
  private static final String PARAMETER = "param/";

  private FnoConformance() {}

  /** What passes in a type. */
  private record Tolerances(double output, double loss, double input, double gradient) {}

  private static final Tolerances EXACT =
      new Tolerances(
          FourierConformance.TOLERANCE,
          FourierConformance.TOLERANCE,
          FourierConformance.TOLERANCE,
          FourierConformance.STORED_TOLERANCE);
  private static final Tolerances SINGLE = new Tolerances(2e-5, 1e-5, 1e-4, 1e-4);

  /** The published program resamples three axes in float32, whatever the type of the rest. */
  private static final Tolerances RESAMPLED = new Tolerances(5e-6, 5e-6, 5e-6, 5e-6);

  /**
   * How a running mean, a running variance and a count of batches begin; files do not hold them.
   */
  private static final Map<String, Float> BUFFERS =
      Map.of(".running_mean", 0f, ".running_var", 1f, ".num_batches_tracked", 0f);

  static void run(Npz golden, JsonNode config, Comparison worst) {
    FnoSettings settings =
        PublishedSettings.of(
            config, FourierConformance.grid(golden, "x"), FourierConformance.grid(golden, "out"));
    boolean resampled =
        settings.axes() == 3
            && settings.layers().stream().anyMatch(l -> l.scale().stream().anyMatch(s -> s != 1));
    Weights weights = weights(golden, settings);
    GoldenLoss loss = GoldenLoss.of(config.path("loss").asText(""));
    compare(golden, weights, loss, worst, DataType.FLOAT64, resampled ? RESAMPLED : EXACT);
    compare(golden, weights, loss, worst, DataType.FLOAT32, SINGLE);
  }

  private static void compare(
      Npz golden,
      Weights weights,
      GoldenLoss distance,
      Comparison worst,
      DataType type,
      Tolerances within) {
    String as = type == DataType.FLOAT64 ? "" : "float32 ";
    try (Fno fno = Fno.load(weights, type);
        NDManager scope = Devices.newManager()) {
      long[] shape = Arrays.stream(golden.shape("x")).asLongStream().toArray();
      Tensor input = new Tensor(golden.floats("x"), shape);
      double[] expected = golden.doubles("out");
      NDArray served = Devices.withoutGradients(() -> fno.serve(scope, input));
      worst.see(as + "out, serving", numbers(served), expected, within.output);
      fno.parameters().values().forEach(p -> p.setRequiresGradient(true));
      NDArray x = fno.place(scope, input);
      x.setRequiresGradient(true);
      NDArray y = FourierConformance.array(golden, "y", scope).toType(type, false);
      double loss =
          Devices.differentiate(
              () -> {
                NDArray out = fno.forward(scope, x);
                worst.see(as + "out", numbers(out), expected, within.output);
                return distance.of(out, y);
              });
      worst.see(as + "loss", new double[] {loss}, golden.doubles("loss"), within.loss);
      double[] slope = numbers(x.getGradient());
      worst.see(as + "grad_x", slope, golden.doubles("grad_x"), within.input);
      gradients(golden, fno, worst, as, within.gradient);
    }
  }

  private static void gradients(
      Npz golden, Fno fno, Comparison worst, String as, double tolerance) {
    double largest = 0;
    for (String name : fno.parameters().keySet()) {
      largest = Math.max(largest, Comparison.greatest(golden.doubles("grad/" + name)));
    }
    for (Map.Entry<String, NDArray> parameter : fno.parameters().entrySet()) {
      String name = "grad/" + parameter.getKey();
      double[] actual = numbers(parameter.getValue().getGradient());
      worst.see(as + name, actual, golden.doubles(name), largest, tolerance);
    }
  }

  private static double[] numbers(NDArray array) {
    return FourierConformance.numbers(array);
  }

  private static Weights weights(Npz golden, FnoSettings settings) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (String name : golden.names()) {
      if (name.startsWith(PARAMETER)) {
        long[] shape = Arrays.stream(golden.shape(name)).asLongStream().toArray();
        tensors.put(name.substring(PARAMETER.length()), new Tensor(golden.floats(name), shape));
      }
    }
    Parameters.shapes(settings).forEach((name, shape) -> begin(tensors, name, shape));
    return new Weights(settings.metadata(), tensors);
  }

  private static void begin(Map<String, Tensor> tensors, String name, long[] shape) {
    BUFFERS.forEach(
        (end, value) -> {
          if (name.endsWith(end) && !tensors.containsKey(name)) {
            float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
            Arrays.fill(values, value);
            tensors.put(name, new Tensor(values, shape));
          }
        });
  }
}
