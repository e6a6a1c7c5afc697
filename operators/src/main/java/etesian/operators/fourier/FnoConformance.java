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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

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

  static void run(Npz golden, JsonNode config, Comparison worst) {
    compare(golden, config, worst, DataType.FLOAT64, EXACT);
    compare(golden, config, worst, DataType.FLOAT32, SINGLE);
  }

  private static void compare(
      Npz golden, JsonNode config, Comparison worst, DataType type, Tolerances within) {
    String as = type == DataType.FLOAT64 ? "" : "float32 ";
    try (Fno fno = Fno.load(weights(golden, config), type);
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
                return loss(out, y);
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

  /** Relative L2 of each channel of each sample, summed. */
  private static NDArray loss(NDArray prediction, NDArray target) {
    int[] space = IntStream.range(2, target.getShape().dimension()).toArray();
    NDArray deviation = prediction.sub(target).square().sum(space).sqrt();
    return deviation.div(target.square().sum(space).sqrt().add(1e-8)).sum();
  }

  private static double[] numbers(NDArray array) {
    return FourierConformance.numbers(array);
  }

  private static Weights weights(Npz golden, JsonNode config) {
    FnoSettings settings = settings(config, golden.shape("x").length - 2);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (String name : golden.names()) {
      if (name.startsWith(PARAMETER)) {
        long[] shape = Arrays.stream(golden.shape(name)).asLongStream().toArray();
        tensors.put(name.substring(PARAMETER.length()), new Tensor(golden.floats(name), shape));
      }
    }
    return new Weights(settings.metadata(), tensors);
  }

  /** Published names and defaults to ours. */
  private static FnoSettings settings(JsonNode config, int axes) {
    Architecture architecture = Architecture.valueOf(config.get("model").asText());
    FnoSettings.Builder builder =
        FnoSettings.builder(
                architecture,
                config.get("in_channels").asInt(),
                config.get("out_channels").asInt(),
                layers(config, architecture, axes))
            .hidden(config.get("hidden_channels").asInt())
            .placement(Placement.LEGACY);
    if (architecture == Architecture.UNO) {
      builder
          .lifting(config.get("lifting_channels").asInt())
          .projection(config.get("projection_channels").asInt())
          .across(across(config.get("horizontal_skips_map")));
    }
    int hidden = config.get("hidden_channels").asInt();
    if (config.has("lifting_channel_ratio")) {
      builder.lifting(hidden * config.get("lifting_channel_ratio").asInt());
      builder.projection(hidden * config.get("projection_channel_ratio").asInt());
    }
    if (architecture == Architecture.SFNO) {
      builder.sphereGrid(sphereGrid(config.get("grid").asText()));
    }
    if (architecture == Architecture.TFNO) {
      double rank = config.has("rank") ? config.get("rank").asDouble() : 0.1;
      builder.factors(Factorization.TUCKER, rank);
    } else if (config.hasNonNull("factorization")) {
      builder.factors(
          Factorization.valueOf(config.get("factorization").asText()),
          config.get("rank").asDouble());
    }
    return builder
        .separable(config.path("separable").asBoolean(false))
        .skipKernel(config.path("conv_bias_kernel").asInt(1))
        .spectralSkip(skip(config, "fno_skip", Skip.LINEAR))
        .mlpSkip(skip(config, "channel_mlp_skip", Skip.GATE))
        .expansion(config.path("use_channel_mlp").asBoolean(true) ? 0.5 : 0)
        .preactivation(config.path("preactivation").asBoolean(false))
        .stabiliser(config.hasNonNull("stabilizer"))
        .norm(norm(config), config.path("norm_groups").asInt(1))
        .coordinates(
            !config.has("positional_embedding") || config.hasNonNull("positional_embedding"))
        .padding(Collections.nCopies(axes, config.path("domain_padding").asDouble(0)))
        .build();
  }

  private static List<FnoLayer> layers(JsonNode config, Architecture architecture, int axes) {
    List<FnoLayer> layers = new ArrayList<>();
    for (int l = 0; l < config.get("n_layers").asInt(); l++) {
      boolean uno = architecture == Architecture.UNO;
      int channels = config.get("hidden_channels").asInt();
      List<Integer> modes =
          integers(uno ? config.get("uno_n_modes").get(l) : config.get("n_modes"));
      List<Double> scale = Collections.nCopies(axes, 1.0);
      if (uno) {
        channels = config.get("uno_out_channels").get(l).asInt();
        JsonNode scales = config.get("uno_scalings").get(l);
        scale = StreamSupport.stream(scales.spliterator(), false).map(JsonNode::asDouble).toList();
      } else if (config.has("resolution_scaling_factor")) {
        double factor = config.get("resolution_scaling_factor").get(l).asDouble();
        scale = Collections.nCopies(axes, factor);
      }
      layers.add(
          architecture == Architecture.SFNO
              ? FnoLayer.onSphere(channels, modes, scale)
              : FnoLayer.of(channels, modes, scale));
    }
    return layers;
  }

  private static Map<Integer, Integer> across(JsonNode map) {
    Map<Integer, Integer> across = new TreeMap<>();
    map.properties().forEach(e -> across.put(Integer.valueOf(e.getKey()), e.getValue().asInt()));
    return across;
  }

  private static Norm norm(JsonNode config) {
    return switch (config.path("norm").asText("")) {
      case "" -> Norm.NONE;
      case "group_norm" -> Norm.GROUP;
      case "instance_norm" -> Norm.INSTANCE;
      default -> throw new IllegalArgumentException("norm " + config.get("norm"));
    };
  }

  private static Skip skip(JsonNode config, String key, Skip absent) {
    return switch (config.path(key).asText("")) {
      case "" -> absent;
      case "soft-gating" -> Skip.GATE;
      default -> Skip.valueOf(config.get(key).asText().toUpperCase(Locale.ROOT));
    };
  }

  static SphereGrid sphereGrid(String name) {
    return SphereGrid.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private static List<Integer> integers(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asInt).toList();
  }
}
