package etesian.operators.m2no;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import etesian.operators.Devices;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.operators.conformance.CaseResult;
import etesian.operators.conformance.Comparison;
import etesian.operators.conformance.GoldenFile;
import etesian.operators.conformance.GoldenRunner;
import etesian.operators.conformance.Npz;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares M2NO with golden vectors of the published program: outputs of whole networks, losses and
 * gradients of every parameter, in float32 and in float64; intermediate values, filters, and single
 * restrictions and prolongations. Errors are greatest deviation over greatest value; of gradients,
 * 2-norm over 2-norm; of filters, greatest deviation, of a network's own in ulps of float32, in
 * which it is stored.
 */
public final class M2noConformance implements GoldenRunner {
  private static final double OUTPUT_TOLERANCE = 5e-6; // float32 against the float64 truth
  private static final double GRADIENT_TOLERANCE = 5e-5; // the published float32 reaches 5e-6
  private static final double LOSS_TOLERANCE = 5e-6;
  private static final double EXACT_TOLERANCE = 1e-12; // float64 against the float64 truth
  private static final double EXACT_GRADIENT_TOLERANCE = 2e-7; // the truth is stored in float32
  private static final double FILTER_TOLERANCE = 1e-12;
  private static final double FOLD_TOLERANCE = 1e-13; // float64
  private static final double TRAINING_TOLERANCE = 1e-9; // rounding grows from step to step
  private static final double STORED_FILTER_TOLERANCE = 1; // ulp: the truth is stored in float32
  private static final Pattern FILTER =
      Pattern.compile("(legendre|chebyshev)\\.k(\\d+)\\.(H|G)([01])(_orthonormal)?");
  private static final Pattern FOLD =
      Pattern.compile("d([12])_k(\\d+)_c\\d+_(legendre|chebyshev)_[\\dx]+\\.x");

  @Override
  public String kind() {
    return "m2no";
  }

  @Override
  public boolean recognises(Npz arrays) {
    return isNetwork(arrays) || isTrace(arrays) || isFilters(arrays) || isFolds(arrays);
  }

  @Override
  public CaseResult run(GoldenFile file) {
    Npz golden = file.arrays();
    if (isNetwork(golden)) {
      return compareNetwork(file);
    } else if (isTrace(golden)) {
      return compareTrace(file);
    } else if (isFilters(golden)) {
      return compareFilters(file);
    }
    return compareFolds(file);
  }

  private static boolean isNetwork(Npz arrays) {
    return arrays.has("cfg.dim") && arrays.has("filter.H");
  }

  private static boolean isTrace(Npz arrays) {
    return arrays.has("blocks.0.in0") || arrays.has("conv_list.0.in0");
  }

  private static boolean isFilters(Npz arrays) {
    return arrays.names().stream().anyMatch(name -> FILTER.matcher(name).matches());
  }

  private static boolean isFolds(Npz arrays) {
    return arrays.names().stream().anyMatch(name -> FOLD.matcher(name).matches());
  }

  private CaseResult compareNetwork(GoldenFile file) {
    Npz golden = file.arrays();
    Comparison worst = new Comparison();
    int roundings = compareFilter(golden, worst);
    boolean sameFilter = roundings == 0;
    try (M2no single = operator(golden)) {
      double[] output = channelsLast(single.apply(channelsFirst(golden, "input")));
      worst.see("output", relative(output, golden.doubles("output_f64")), OUTPUT_TOLERANCE);
      compareGradients(golden, single, worst, GRADIENT_TOLERANCE, LOSS_TOLERANCE);
    }
    try (M2no exact = M2no.loadDouble(weights(golden));
        NDManager scope = Devices.newManager()) {
      NDArray output =
          Devices.withoutGradients(() -> exact.serve(scope, channelsFirst(golden, "input")));
      double error = relative(numbers(channelsLast(output)), golden.doubles("output_f64"));
      if (sameFilter) {
        worst.see("float64 output", error, EXACT_TOLERANCE);
        compareGradients(golden, exact, worst, EXACT_GRADIENT_TOLERANCE, EXACT_TOLERANCE);
      } else {
        worst.see("float64 output", error, OUTPUT_TOLERANCE);
        compareGradients(golden, exact, worst, GRADIENT_TOLERANCE, LOSS_TOLERANCE);
      }
    }
    if (golden.has("train.loss_f64") && sameFilter) {
      compareTraining(golden, worst);
    }
    CaseResult result = worst.result(file.name(), kind());
    return sameFilter
        ? result
        : result.noted(
            "filter differs in "
                + roundings
                + " numbers of float32; compared at the limits of float32, training not"
                + " compared");
  }

  /**
   * The filter that was used. A number of ours that is next to a tie may round to the neighbour of
   * the float32 that was used; then results in float64 agree as far as float32 goes.
   *
   * @return how many numbers of ours do not round to the same float32
   */
  static int compareFilter(Npz golden, Comparison worst) {
    Base base = base(golden.text("cfg.base"));
    int k = golden.integer("cfg.k");
    double[][] ours =
        golden.integer("cfg.dim") == 1
            ? Multiwavelets.lowPass(base, k)
            : Multiwavelets.lowPass2d(base, k);
    double[] flat = Arrays.stream(ours).flatMapToDouble(Arrays::stream).toArray();
    float[] used = golden.floats("filter.H");
    if (flat.length != used.length) {
      throw new IllegalArgumentException(
          "filter.H has " + used.length + " numbers, expected " + flat.length);
    }
    double ulps = 0;
    int roundings = 0;
    for (int i = 0; i < used.length; i++) {
      double difference = Math.abs((float) flat[i] - (double) used[i]);
      ulps = Math.max(ulps, difference / Math.ulp(used[i])); // NaN stays
      roundings += difference == 0 ? 0 : 1;
    }
    worst.see("filter.H, in ulps of float32", ulps, STORED_FILTER_TOLERANCE);
    return roundings;
  }

  private static void compareTraining(Npz golden, Comparison worst) {
    double[] losses = golden.doubles("train.loss_f64");
    try (M2no operator = M2no.loadDouble(weights(golden));
        NDManager scope = Devices.newManager()) {
      NDArray x = operator.place(scope, channelsFirst(golden, "input"));
      NDArray target =
          Devices.place(scope, channelsFirst(golden, "target")).toType(x.getDataType(), false);
      double[] actual =
          GoldenTraining.run(
              operator,
              () -> loss(operator.forward(scope, x), target),
              losses.length,
              golden.number("train.lr"),
              golden.number("train.weight_decay"));
      worst.see("train.loss", relative(actual, losses), TRAINING_TOLERANCE);
      operator
          .parameters()
          .forEach(
              (name, parameter) -> {
                String truth = "train.final." + name;
                if (golden.has(truth)) {
                  double error = relative(numbers(parameter), golden.doubles(truth));
                  worst.see(truth, error, TRAINING_TOLERANCE);
                }
              });
    }
  }

  /** Gradients of the mean relative L2 loss in all parameters and in the input. */
  private static void compareGradients(
      Npz golden, M2no operator, Comparison worst, double tolerance, double lossTolerance) {
    operator.parameters().values().forEach(p -> p.setRequiresGradient(true));
    try (NDManager scope = Devices.newManager()) {
      NDArray x = operator.place(scope, channelsFirst(golden, "input"));
      NDArray target =
          Devices.place(scope, channelsFirst(golden, "target")).toType(x.getDataType(), false);
      x.setRequiresGradient(true);
      double loss = Devices.differentiate(() -> loss(operator.forward(scope, x), target));
      double expected = golden.number("loss_f64");
      worst.see("loss", Math.abs(loss - expected) / expected, lossTolerance);
      Map<String, double[]> truth = new LinkedHashMap<>();
      Map<String, double[]> actual = new LinkedHashMap<>();
      truth.put("grad_input", golden.doubles("grad_input"));
      actual.put("grad_input", numbers(channelsLast(x.getGradient())));
      operator
          .parameters()
          .forEach(
              (name, parameter) -> {
                truth.put("grad." + name, golden.doubles("grad." + name));
                actual.put("grad." + name, numbers(parameter.getGradient()));
              });
      double floor =
          1e-7 * truth.values().stream().mapToDouble(M2noConformance::norm).max().orElse(0);
      truth.forEach(
          (name, values) ->
              worst.see(name, relativeNorm(actual.get(name), values, floor), tolerance));
    }
  }

  private static NDArray loss(NDArray prediction, NDArray target) {
    int[] perSample = {1, 2, 3};
    NDArray deviation = prediction.sub(target).square().sum(perSample).sqrt();
    return deviation.div(target.square().sum(perSample).sqrt()).mean();
  }

  private CaseResult compareTrace(GoldenFile file) {
    Npz golden = file.arrays();
    Npz network = networkOf(file.path());
    boolean oneAxis = golden.has("conv_list.0.in0");
    Comparison worst = new Comparison();
    try (M2no operator = operator(network);
        NDManager scope = Devices.newManager()) {
      Devices.withoutGradients(() -> operator.trace(scope, channelsFirst(network, "input")))
          .stream()
          .filter(part -> !part.getName().equals("output"))
          .filter(part -> network.integer("cfg.norm") != 0 || !part.getName().contains("norm_list"))
          .forEach(
              part -> {
                // smoothers give two values: 2-D (u, residual), 1-D (residual, u)
                String name = part.getName();
                String second = golden.has(name + ".out1") && oneAxis ? ".out1" : ".out0";
                String expected = name + (golden.has(name + second) ? second : ".out");
                double error = relative(numbers(part), golden.doubles(expected));
                worst.see(expected, error, OUTPUT_TOLERANCE);
              });
    }
    return worst.result(file.name(), kind());
  }

  private CaseResult compareFilters(GoldenFile file) {
    Npz golden = file.arrays();
    Comparison worst = new Comparison();
    for (String name : golden.names()) {
      Matcher match = FILTER.matcher(name);
      if (match.matches()) {
        int k = Integer.parseInt(match.group(2));
        boolean low = match.group(3).equals("H");
        if (!low && match.group(5) == null) {
          continue; // the published high-pass filter, which is not orthogonal and which nobody
          // reads
        }
        int half = Integer.parseInt(match.group(4));
        double[] expected = golden.doubles(name);
        double[][] filter =
            low ? Multiwavelets.lowPass(base(match.group(1)), k) : Multiwavelets.highPass(k);
        double error = 0;
        for (int i = 0; i < k * k; i++) {
          double deviation = Math.abs(filter[i / k][half * k + i % k] - expected[i]);
          error = Math.max(error, deviation);
        }
        worst.see(name, error, FILTER_TOLERANCE);
      }
    }
    return worst.result(file.name(), kind());
  }

  private CaseResult compareFolds(GoldenFile file) {
    Npz golden = file.arrays();
    Comparison worst = new Comparison();
    try (NDManager owner = Devices.newManager()) {
      for (String name : golden.names()) {
        Matcher match = FOLD.matcher(name);
        if (match.matches()) {
          int dim = Integer.parseInt(match.group(1));
          Program program = foldOnly(golden, name, match, owner);
          NDArray x = oneRow(owner.create(golden.doubles(name), shape(golden, name)), dim);
          String stem = name.substring(0, name.length() - 1);
          for (String move : List.of("restrict", "prolongate")) {
            String past = move.equals("restrict") ? "restricted" : "prolongated";
            NDArray moved = program.part(past, owner, x);
            double error = relative(numbers(moved), golden.doubles(stem + move));
            worst.see(stem + move, error, FOLD_TOLERANCE);
          }
        }
      }
    }
    return worst.result(file.name(), kind());
  }

  /** The program of a network that exists for its folds alone. */
  private static Program foldOnly(Npz golden, String name, Matcher match, NDManager owner) {
    int dim = Integer.parseInt(match.group(1));
    int k = Integer.parseInt(match.group(2));
    int[] shape = golden.shape(name);
    int rows = dim == 1 ? 1 : shape[2];
    M2noSettings settings =
        new M2noSettings(
            dim,
            1,
            1,
            k,
            shape[1] / (dim == 1 ? k : k * k),
            1,
            List.of(1),
            base(match.group(3)),
            Padding.ZEROS,
            Packing.RESHAPE,
            Cycle.STATE,
            false,
            Norm.NONE,
            true,
            Activation.GELU,
            Arrays.stream(shape, 2, shape.length).boxed().toList(),
            GridPadding.exact(rows, shape[shape.length - 1]),
            false);
    return new Program(
        settings, DataType.FLOAT64, M2no.Precision.FLOAT32, owner, Program.Purpose.SERVING);
  }

  private static NDArray oneRow(NDArray x, int dim) {
    return dim == 1 ? x.expandDims(2) : x;
  }

  static M2no operator(Npz golden) {
    return M2no.load(weights(golden));
  }

  private static Weights weights(Npz golden) {
    int dim = golden.integer("cfg.dim");
    int[] shape = golden.shape("input");
    M2noSettings settings =
        new M2noSettings(
            dim,
            golden.integer("cfg.in_channels"),
            golden.integer("cfg.out_channels"),
            golden.integer("cfg.k"),
            golden.integer("cfg.c"),
            golden.integer("cfg.num_layers"),
            list(golden.integers("cfg.grid_levels")),
            base(golden.text("cfg.base")),
            Padding.valueOf(golden.text("cfg.padding_mode").toUpperCase(Locale.ROOT)),
            Packing.RESHAPE,
            Cycle.STATE,
            false,
            golden.integer("cfg.norm") != 0 ? Norm.LAYER : Norm.NONE,
            golden.integer("cfg.bias") != 0,
            Activation.valueOf(golden.text("cfg.activation").toUpperCase(Locale.ROOT)),
            list(golden.integers("cfg.resolutions")),
            GridPadding.exact(dim == 1 ? 1 : shape[1], shape[dim]),
            false);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (String name : golden.names()) {
      if (name.startsWith("param.")) {
        tensors.put(
            name.substring("param.".length()),
            new Tensor(golden.floats(name), shape(golden, name).getShape()));
      }
    }
    return new Weights(settings.metadata(), tensors);
  }

  /**
   * Golden inputs and targets have the channels last; (batch, points, channels) becomes a grid of
   * one row.
   */
  static Tensor channelsFirst(Npz golden, String name) {
    int[] shape = golden.shape(name);
    float[] from = golden.floats(name);
    int channels = shape[shape.length - 1];
    int cells = Arrays.stream(shape, 1, shape.length - 1).reduce(1, (a, b) -> a * b);
    float[] to = new float[from.length];
    for (int i = 0; i < from.length; i++) {
      int sample = i / (cells * channels);
      int cell = i / channels % cells;
      to[(sample * channels + i % channels) * cells + cell] = from[i];
    }
    int rows = shape.length == 4 ? shape[1] : 1;
    return new Tensor(to, shape[0], channels, rows, shape[shape.length - 2]);
  }

  private static double[] channelsLast(Tensor output) {
    long[] shape = output.shape();
    int channels = (int) shape[1];
    int cells = (int) (shape[2] * shape[3]);
    double[] to = new double[output.values().length];
    for (int i = 0; i < to.length; i++) {
      int sample = i / (cells * channels);
      int cell = i / channels % cells;
      to[i] = output.values()[(sample * channels + i % channels) * cells + cell];
    }
    return to;
  }

  private static NDArray channelsLast(NDArray x) {
    return x.transpose(0, 2, 3, 1);
  }

  /** A trace {@code trace_m2d_03.npz} belongs to the one case {@code m2d_03_*.npz} beside it. */
  private static Npz networkOf(Path trace) {
    String stem = trace.getFileName().toString().replace("trace_", "").replace(".npz", "");
    Path folder = trace.toAbsolutePath().getParent();
    try (DirectoryStream<Path> cases = Files.newDirectoryStream(folder, stem + "_*.npz")) {
      for (Path file : cases) {
        return Npz.read(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new IllegalArgumentException("no case " + stem + "_*.npz beside this trace");
  }

  private static Base base(String name) {
    return Base.valueOf(name.toUpperCase(Locale.ROOT));
  }

  private static List<Integer> list(int[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  private static Shape shape(Npz golden, String name) {
    return new Shape(Arrays.stream(golden.shape(name)).asLongStream().toArray());
  }

  private static double[] numbers(NDArray array) {
    return array.toType(DataType.FLOAT64, true).toDoubleArray();
  }

  /**
   * Greatest deviation over greatest true value; infinite where sizes differ, NaN where a value is.
   */
  private static double relative(double[] actual, double[] truth) {
    if (actual.length != truth.length) {
      return Double.POSITIVE_INFINITY;
    }
    double deviation = 0;
    double scale = 0;
    for (int i = 0; i < truth.length; i++) {
      double difference = Math.abs(actual[i] - truth[i]);
      deviation = Math.max(deviation, difference); // NaN stays
      scale = Math.max(scale, Math.abs(truth[i]));
    }
    return scale == 0 ? deviation : deviation / scale;
  }

  /**
   * 2-norm of the deviation over that of the truth, or over the floor where the truth is smaller.
   */
  private static double relativeNorm(double[] actual, double[] truth, double floor) {
    if (actual.length != truth.length) {
      return Double.POSITIVE_INFINITY;
    }
    double[] deviation = new double[truth.length];
    Arrays.setAll(deviation, i -> actual[i] - truth[i]);
    return norm(deviation) / Math.max(norm(truth), floor);
  }

  private static double norm(double[] values) {
    return Math.sqrt(Arrays.stream(values).map(v -> v * v).sum());
  }
}
