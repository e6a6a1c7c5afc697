package etesian.operators.m2no;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import etesian.operators.Devices;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.operators.conformance.CaseResult;
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
 * Compares M2NO with golden vectors of the published program: outputs of whole networks, their
 * intermediate values, filters, and single restrictions and prolongations. Errors are greatest
 * deviation over greatest value (filters: greatest deviation).
 */
public final class M2noConformance implements GoldenRunner {
  private static final double OUTPUT_TOLERANCE = 5e-6; // float32 against the float64 truth
  private static final double FILTER_TOLERANCE = 1e-12;
  private static final double FOLD_TOLERANCE = 1e-13; // float64
  private static final Pattern FILTER = Pattern.compile("(legendre|chebyshev)\\.k(\\d+)\\.H([01])");
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
    return arrays.has("legendre.k1.H0");
  }

  private static boolean isFolds(Npz arrays) {
    return arrays.names().stream().anyMatch(name -> FOLD.matcher(name).matches());
  }

  private CaseResult compareNetwork(GoldenFile file) {
    Npz golden = file.arrays();
    try (M2no operator = operator(golden)) {
      double[] output = channelsLast(operator.apply(channelsFirst(golden, "input")));
      double error = relative(output, golden.doubles("output_f64"));
      return CaseResult.compared(file.name(), kind(), error, OUTPUT_TOLERANCE, "output");
    }
  }

  private CaseResult compareTrace(GoldenFile file) {
    Npz golden = file.arrays();
    Npz network = networkOf(file.path());
    boolean oneAxis = golden.has("conv_list.0.in0");
    Worst worst = new Worst();
    Probe probe =
        (name, value) -> {
          // smoothers give two values: 2-D (u, residual), 1-D (residual, u)
          String second = golden.has(name + ".out1") && oneAxis ? ".out1" : ".out0";
          String expected = name + (golden.has(name + second) ? second : ".out");
          worst.see(expected, relative(numbers(value), golden.doubles(expected)));
        };
    try (M2no operator = operator(network);
        NDManager scope = Devices.newManager()) {
      Devices.withoutGradients(
          () -> operator.forward(scope, channelsFirst(network, "input"), probe));
    }
    return worst.result(file.name(), kind(), OUTPUT_TOLERANCE);
  }

  private CaseResult compareFilters(GoldenFile file) {
    Npz golden = file.arrays();
    Worst worst = new Worst();
    for (String name : golden.names()) {
      Matcher match = FILTER.matcher(name);
      if (match.matches()) {
        int k = Integer.parseInt(match.group(2));
        int half = Integer.parseInt(match.group(3));
        double[] expected = golden.doubles(name);
        double[][] filter = Multiwavelets.lowPass(base(match.group(1)), k);
        double error = 0;
        for (int i = 0; i < k * k; i++) {
          double deviation = Math.abs(filter[i / k][half * k + i % k] - expected[i]);
          error = Math.max(error, deviation);
        }
        worst.see(name, error);
      }
    }
    return worst.result(file.name(), kind(), FILTER_TOLERANCE);
  }

  private CaseResult compareFolds(GoldenFile file) {
    Npz golden = file.arrays();
    Worst worst = new Worst();
    try (NDManager owner = Devices.newManager()) {
      for (String name : golden.names()) {
        Matcher match = FOLD.matcher(name);
        if (match.matches()) {
          int dim = Integer.parseInt(match.group(1));
          int k = Integer.parseInt(match.group(2));
          // the golden operators use the filter rounded to float32
          Fold rounded = Network.fold(dim, base(match.group(3)), k, DataType.FLOAT32, owner);
          NDArray h = rounded.filter().toType(DataType.FLOAT64, false);
          Fold fold = new Fold(h, h.transpose());
          NDArray x = owner.create(golden.doubles(name), shape(golden, name));
          String stem = name.substring(0, name.length() - 1);
          worst.see(
              stem + "restrict",
              relative(numbers(fold.restrict(x)), golden.doubles(stem + "restrict")));
          worst.see(
              stem + "prolongate",
              relative(numbers(fold.prolongate(x)), golden.doubles(stem + "prolongate")));
        }
      }
    }
    return worst.result(file.name(), kind(), FOLD_TOLERANCE);
  }

  static M2no operator(Npz golden) {
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
            golden.integer("cfg.norm") != 0,
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
    return M2no.load(new Weights(settings.metadata(), tensors));
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

  /** Keeps the worst of many comparisons. */
  private static final class Worst {
    private int count;
    private double error;
    private String name = "nothing compared";

    void see(String compared, double itsError) {
      boolean first = count++ == 0;
      if (first || !Double.isNaN(error) && !(itsError <= error)) {
        error = itsError;
        name = compared;
      }
    }

    CaseResult result(String file, String kind, double tolerance) {
      return count == 0
          ? CaseResult.failed(file, kind, name)
          : CaseResult.compared(file, kind, error, tolerance, count + " arrays, worst " + name);
    }
  }
}
