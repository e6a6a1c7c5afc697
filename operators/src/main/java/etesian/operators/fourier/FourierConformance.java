package etesian.operators.fourier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import etesian.operators.Devices;
import etesian.operators.Tensor;
import etesian.operators.conformance.CaseResult;
import etesian.operators.conformance.Comparison;
import etesian.operators.conformance.GoldenFile;
import etesian.operators.conformance.GoldenRunner;
import etesian.operators.conformance.Npz;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares the Fourier family with golden vectors of NeuralOperator: whole networks with the
 * gradients of every parameter, in float64 and in float32, single spectral convolutions, the
 * transform on the sphere, and the parts around them. Errors are greatest deviation over greatest
 * value; of gradients, over the greatest of all.
 */
public final class FourierConformance implements GoldenRunner {
  static final double TOLERANCE = 1e-10;
  static final double STORED_TOLERANCE = 2e-6; // the truth of gradients is stored in float32
  private static final double SHORT_RESAMPLE_TOLERANCE = 2e-6; // the truth was made in float32
  private static final String WEIGHT = "param/weight.tensor";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern RESAMPLED = Pattern.compile("resample(\\dd)?_.*");
  private static final Pattern PATCHES = Pattern.compile("mgpatch_l(\\d)_p([\\d.]+)");

  @Override
  public String kind() {
    return "neuralop";
  }

  @Override
  public boolean recognises(Npz arrays) {
    return isNetwork(arrays) || isConvolution(arrays) || isSphere(arrays) || isParts(arrays);
  }

  private static boolean isNetwork(Npz arrays) {
    return arrays.has("param/lifting.fcs.0.weight") && arrays.has("grad_x");
  }

  private static boolean isConvolution(Npz arrays) {
    return arrays.has("out_0") && arrays.has("n_modes_0");
  }

  private static boolean isSphere(Npz arrays) {
    return arrays.has("coef") && arrays.has("colat") && arrays.has("synth");
  }

  private static boolean isParts(Npz arrays) {
    return arrays.has("grid_embed") && arrays.has("pad");
  }

  @Override
  public CaseResult run(GoldenFile file) {
    Npz golden = file.arrays();
    JsonNode config;
    try {
      config = JSON.readTree(golden.text("config_json"));
    } catch (JsonProcessingException e) {
      return CaseResult.failed(file.name(), kind(), "config_json: " + e.getMessage());
    }
    Comparison worst = new Comparison();
    try (NDManager scope = Devices.newManager();
        NDScope temporaries = new NDScope()) {
      temporaries.suppressNotUsedWarning();
      if (isNetwork(golden)) {
        FnoConformance.run(golden, config, worst);
      } else if (isConvolution(golden)) {
        convolution(golden, config, scope, worst);
      } else if (isSphere(golden)) {
        sphere(golden, config, scope, worst);
      } else {
        parts(golden, config, scope, worst);
      }
    }
    CaseResult result = worst.result(file.name(), kind());
    if (!result.pass() && golden.has("x") && golden.shape("x").length == 3 && !isSphere(golden)) {
      result = result.noted("of one axis the published program reads memory that it never wrote");
    }
    return isNetwork(golden) ? noted(result, golden, config) : result;
  }

  private static CaseResult noted(CaseResult result, Npz golden, JsonNode config) {
    CaseResult noted = result;
    Set<String> unknown = PublishedSettings.unknown(config);
    if (!unknown.isEmpty()) {
      noted = noted.noted("arguments that nobody reads: " + unknown);
    }
    if (PublishedSettings.isShapeOfCall(config, grid(golden, "x"), grid(golden, "out"))) {
      noted = noted.noted("the output's shape is taken from the file, as an argument of the call");
    }
    return noted;
  }

  /** The same weight with different numbers of modes in use. */
  private static void convolution(Npz golden, JsonNode config, NDManager scope, Comparison worst) {
    boolean separable = config.path("separable").asBoolean(false);
    for (int i = 0; golden.has("n_modes_" + i); i++) {
      String suffix = "_" + i;
      FnoSettings settings = alone(golden, config, separable, suffix);
      Map<String, long[]> shapes = new LinkedHashMap<>();
      Parameters.kernel(shapes, settings, "layer", 0);
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      shapes.forEach((name, size) -> tensors.put(name, parameter(golden, name, size)));
      Map<String, NDArray> parameters =
          new Parameters(shapes, separable, tensors, DataType.FLOAT64, scope).all();
      NDArray x = array(golden, "x", scope);
      x.setRequiresGradient(true);
      parameters.values().forEach(p -> p.setRequiresGradient(true));
      try (Program program =
          new Program(settings, grid(golden, "x"), DataType.FLOAT64, scope, false)) {
        Devices.differentiate(
            () -> {
              NDArray y = program.call(scope, "convolution", x, parameters.values());
              worst.see("out" + suffix, numbers(y), golden.doubles("out" + suffix), TOLERANCE);
              return y.square().sum();
            });
      }
      see(worst, golden, "grad_x" + suffix, numbers(x.getGradient()), TOLERANCE);
      if (settings.factorization() == Factorization.DENSE) { // files hold none of factors
        NDArray weight = parameters.get("layer.weight.tensor").getGradient();
        see(worst, golden, "grad_w" + suffix, numbers(weight), STORED_TOLERANCE);
      }
    }
  }

  /** A network for its only convolution; the output has the grid of the file. */
  private static FnoSettings alone(Npz golden, JsonNode config, boolean separable, String suffix) {
    List<Integer> modes = list(golden.integers("n_modes" + suffix));
    int out = config.get("out_channels").asInt();
    int[] from = grid(golden, "x");
    int[] to = grid(golden, "out" + suffix);
    Double[] scale = new Double[from.length];
    Arrays.setAll(scale, axis -> (double) to[axis] / from[axis]);
    FnoLayer layer = FnoLayer.of(out, modes, List.of(scale));
    if (golden.has(WEIGHT)) {
      int[] shape = golden.shape(WEIGHT);
      List<Integer> stored = list(Arrays.copyOfRange(shape, separable ? 1 : 2, shape.length - 1));
      layer = new FnoLayer(out, modes, stored, List.of(scale));
    }
    int in = config.get("in_channels").asInt();
    return FnoSettings.builder(Architecture.FNO, 1, 1, in, List.of(layer))
        .factorization(PublishedSettings.factorization(config))
        .rank(config.path("rank").asDouble(1))
        .separable(separable)
        .placement(Placement.LEGACY)
        .spectralSkip(Skip.NONE)
        .expansion(0)
        .coordinates(false)
        .build();
  }

  /** Zeros for a bias that there is not. */
  private static Tensor parameter(Npz golden, String name, long[] shape) {
    String stored = name.replace("layer.", "param/");
    boolean absent = name.endsWith(".bias") && !golden.has(stored);
    return new Tensor(absent ? new float[(int) shape[0]] : golden.floats(stored), shape);
  }

  /**
   * There and back; the published transform also knows other norms, a factor per degree and order.
   */
  private static void sphere(Npz golden, JsonNode config, NDManager scope, Comparison worst) {
    int rows = config.get("nlat").asInt();
    int columns = config.get("nlon").asInt();
    int degrees = config.get("lmax").asInt();
    int orders = config.get("mmax").asInt();
    SphereGrid grid = PublishedSettings.sphereGrid(config.get("grid").asText());
    double[][] rule = grid.rule(rows);
    see(worst, golden, "colat", rule[0], TOLERANCE);
    see(worst, golden, "quad_w", rule[1], TOLERANCE);
    FnoSettings settings =
        FnoSettings.builder(
                Architecture.SFNO,
                1,
                1,
                List.of(FnoLayer.onSphere(1, List.of(degrees, 2 * orders), List.of(1.0, 1.0))))
            .sphereGrid(grid)
            .build();
    double[] norm = norm(config, degrees, orders);
    Devices.withoutGradients(
        () -> {
          try (Program program =
              new Program(settings, new int[] {rows, columns}, DataType.FLOAT64, scope, true)) {
            NDArray factor = scope.create(norm, new Shape(1, degrees, orders, 1));
            NDArray x = array(golden, "x", scope);
            NDArray a = program.call(scope, "spectrum", x, List.of(unused(scope)));
            see(worst, golden, "coef", numbers(a.mul(factor)), TOLERANCE);
            NDArray back = program.call(scope, "synthesis", a, List.of(unused(scope)));
            see(worst, golden, "recon", numbers(back), TOLERANCE);
            NDArray given = array(golden, "coef_in", scope).div(factor);
            NDArray field = program.call(scope, "synthesis", given, List.of(unused(scope)));
            see(worst, golden, "synth", numbers(field), TOLERANCE);
            NDArray round = program.call(scope, "spectrum", field, List.of(unused(scope)));
            see(worst, golden, "roundtrip", numbers(round.mul(factor)), TOLERANCE);
          }
          return null;
        });
  }

  /** Of the published coefficients relative to orthonormal ones, shape (degrees, orders). */
  private static double[] norm(JsonNode config, int degrees, int orders) {
    String name = config.path("norm").asText("ortho");
    if (!Set.of("ortho", "schmidt", "four-pi").contains(name)) {
      throw new IllegalArgumentException(
          "config_json: norm = " + name + ", expected ortho, schmidt or four-pi");
    }
    boolean phase = config.path("csphase").asBoolean(true);
    double[] factors = new double[degrees * orders];
    for (int i = 0; i < factors.length; i++) {
      double whole = name.equals("ortho") ? 1 : Math.sqrt(4 * Math.PI);
      double ofDegree = name.equals("schmidt") ? Math.sqrt(2 * (i / orders) + 1) : 1;
      factors[i] = (phase || i % orders % 2 == 0 ? 1 : -1) * whole / ofDegree;
    }
    return factors;
  }

  /** A dictionary of parameters that nobody reads. */
  private static NDArray unused(NDManager scope) {
    NDArray array = scope.create(0f);
    array.setName("p.unused");
    return array;
  }

  private static void parts(Npz golden, JsonNode config, NDManager scope, Comparison worst) {
    for (String name : golden.names()) {
      Matcher match = RESAMPLED.matcher(name);
      if (match.matches()) {
        String from = match.group(1) == null ? "x" : "x" + match.group(1).charAt(0);
        double tolerance = from.equals("x3") ? SHORT_RESAMPLE_TOLERANCE : TOLERANCE;
        resample(golden, from, name, scope, worst, tolerance);
      }
    }
    JsonNode pad = config.get("pad");
    FnoSettings padded =
        single(List.of(1, 1), List.of(1.0, 1.0))
            .padding(List.of(pad.get(0).asDouble(), pad.get(1).asDouble()))
            .build();
    Devices.withoutGradients(
        () -> {
          try (Program program =
              new Program(padded, grid(golden, "x"), DataType.FLOAT64, scope, true)) {
            NDArray x = array(golden, "x", scope);
            NDArray wide = program.call(scope, "padded_alone", x, List.of(unused(scope)));
            see(worst, golden, "pad", numbers(wide), TOLERANCE);
            NDArray back = program.call(scope, "unpadded_alone", wide, List.of(unused(scope)));
            see(worst, golden, "unpad", numbers(back), TOLERANCE);
          }
          return null;
        });
    coordinates(golden, worst);
    statistics(golden, worst);
    for (String name : golden.names()) {
      Matcher match = PATCHES.matcher(name);
      if (match.matches()) {
        patches(golden, name, Integer.parseInt(match.group(1)), match.group(2), worst);
      }
    }
  }

  /** Of one batch, and of two; the published deviation of several has its correction squared. */
  private static void statistics(Npz golden, Comparison worst) {
    Tensor x = tensor(golden, "x");
    int channels = (int) x.shape()[1];
    ChannelStatistics statistics = new ChannelStatistics(channels);
    statistics.add(x);
    worst.see("norm_mean", means(statistics, channels), golden.doubles("norm_mean"), TOLERANCE);
    double[] deviations = deviations(statistics, channels, 1);
    worst.see("norm_std", deviations, golden.doubles("norm_std"), TOLERANCE);
    double[] normal = doubles(statistics.normalise(x));
    worst.see("norm_x", normal, golden.doubles("norm_x"), STORED_TOLERANCE);
    statistics.add(tensor(golden, "norm_extra"));
    worst.see(
        "norm_inc_mean", means(statistics, channels), golden.doubles("norm_inc_mean"), TOLERANCE);
    double correction = Math.sqrt((double) statistics.count() / (statistics.count() - 1));
    double[] published = deviations(statistics, channels, correction);
    worst.see("norm_inc_std", published, golden.doubles("norm_inc_std"), TOLERANCE);
  }

  private static double[] means(ChannelStatistics statistics, int channels) {
    double[] means = new double[channels];
    Arrays.setAll(means, statistics::mean);
    return means;
  }

  private static double[] deviations(ChannelStatistics statistics, int channels, double factor) {
    double[] deviations = new double[channels];
    Arrays.setAll(deviations, c -> factor * statistics.deviation(c));
    return deviations;
  }

  private static void patches(Npz golden, String name, int level, String share, Comparison worst) {
    Tensor x = tensor(golden, "x");
    long[] shape = x.shape();
    Patches cut = new Patches((int) shape[2], (int) shape[3], level, Double.parseDouble(share));
    Tensor patches = cut.split(x);
    worst.see(name, doubles(patches), golden.doubles(name), TOLERANCE);
    Tensor finest = first(patches, (int) shape[1]);
    worst.see(
        name + "_stitched",
        doubles(cut.join(finest)),
        golden.doubles(name + "_stitched"),
        TOLERANCE);
    for (String alone : golden.names()) { // the same margin, without the wider surroundings
      boolean same = Arrays.equals(longs(golden.shape(alone)), finest.shape());
      if (same && alone.startsWith("make_patches_n" + (1 << level) + "_")) {
        worst.see(alone, doubles(finest), golden.doubles(alone), TOLERANCE);
      }
    }
  }

  private static long[] longs(int[] shape) {
    return Arrays.stream(shape).asLongStream().toArray();
  }

  /** What the identity network makes of the patches: their own channels. */
  private static Tensor first(Tensor patches, int channels) {
    long[] shape = patches.shape();
    int all = (int) (shape[1] * shape[2] * shape[3]);
    int some = (int) (channels * shape[2] * shape[3]);
    float[] values = new float[(int) shape[0] * some];
    for (int i = 0; i < shape[0]; i++) {
      System.arraycopy(patches.values(), i * all, values, i * some, some);
    }
    return new Tensor(values, shape[0], channels, shape[2], shape[3]);
  }

  private static Tensor tensor(Npz golden, String name) {
    return new Tensor(
        golden.floats(name), Arrays.stream(golden.shape(name)).asLongStream().toArray());
  }

  private static double[] doubles(Tensor tensor) {
    double[] values = new double[tensor.values().length];
    Arrays.setAll(values, i -> tensor.values()[i]);
    return values;
  }

  /** Appended behind the channels, the same for each sample. */
  private static void coordinates(Npz golden, Comparison worst) {
    int[] shape = golden.shape("grid_embed");
    double[] embedded = golden.doubles("grid_embed");
    int cells = shape[2] * shape[3];
    double[] positions = Constants.positions(new int[] {shape[2], shape[3]});
    double[] actual = embedded.clone();
    for (int sample = 0; sample < shape[0]; sample++) {
      for (int i = 0; i < positions.length; i++) {
        int channel = sample * shape[1] + shape[1] - 2 + i % 2;
        actual[channel * cells + i / 2] = positions[i];
      }
    }
    worst.see("grid_embed", actual, embedded, STORED_TOLERANCE);
  }

  private static FnoSettingsBuilder single(List<Integer> modes, List<Double> scale) {
    return FnoSettings.builder(Architecture.FNO, 2, 2, List.of(FnoLayer.of(2, modes, scale)))
        .placement(Placement.LEGACY);
  }

  private static void resample(
      Npz golden, String from, String to, NDManager scope, Comparison worst, double tolerance) {
    int[] small = grid(golden, from);
    int[] large = grid(golden, to);
    Double[] scale = new Double[small.length];
    Arrays.setAll(scale, axis -> (double) large[axis] / small[axis]);
    List<Integer> modes = Collections.nCopies(small.length, 1);
    FnoSettings settings = single(modes, List.of(scale)).build();
    Devices.withoutGradients(
        () -> {
          try (Program program = new Program(settings, small, DataType.FLOAT64, scope, true)) {
            NDArray x = array(golden, from, scope);
            NDArray y = program.call(scope, "resampled", x, List.of(unused(scope)));
            see(worst, golden, to, numbers(y), tolerance);
          }
          return null;
        });
  }

  private static void see(
      Comparison worst, Npz golden, String name, double[] actual, double tolerance) {
    worst.see(name, actual, golden.doubles(name), tolerance);
  }

  static NDArray array(Npz golden, String name, NDManager scope) {
    long[] shape = Arrays.stream(golden.shape(name)).asLongStream().toArray();
    return scope.create(golden.doubles(name), new Shape(shape)).duplicate();
  }

  static int[] grid(Npz golden, String name) {
    int[] shape = golden.shape(name);
    return Arrays.copyOfRange(shape, 2, shape.length);
  }

  /** In logical order, wherever they lie. */
  static double[] numbers(NDArray array) {
    return array.toType(DataType.FLOAT64, false).reshape(-1).toDoubleArray();
  }

  static List<Integer> list(int[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
