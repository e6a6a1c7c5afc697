package etesian.operators.fourier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import etesian.operators.Devices;
import etesian.operators.ParameterShapes;
import etesian.operators.Tensor;
import etesian.operators.WeightsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The named parameters of a network. Names and shapes are those of the published state dictionary,
 * with an axis of two at the end of complex ones, so that weights trained in Python fit.
 */
final class Parameters {
  static final String WEIGHT = ".tensor";

  /** Between the layers of the network behind an adaptive norm. */
  private static final int ADAPTIVE_HIDDEN = 512;

  private static final String SCALE_AND_SHIFT = ".mlp.2.bias";

  private static final String IMAGINARY = ".fi";

  private static final String MEAN = ".running_mean";
  private static final String VARIANCE = ".running_var";
  private static final String BATCHES = ".num_batches_tracked";

  private final Map<String, NDArray> arrays = new LinkedHashMap<>();
  private final Map<String, NDArray> learned = new LinkedHashMap<>();
  private final Map<String, NDArray> buffers = new LinkedHashMap<>();

  /**
   * @param expected names and shapes
   * @param separable of what kind the spectral weights are
   * @throws WeightsException a parameter is missing, unknown or of another shape
   */
  Parameters(
      Map<String, long[]> expected,
      boolean separable,
      Map<String, Tensor> tensors,
      DataType type,
      NDManager owner) {
    ParameterShapes.check(expected, tensors);
    for (String name : expected.keySet()) {
      NDArray array = place(name, tensors.get(name), separable, type, owner);
      arrays.put(name, array);
      (isBuffer(name) ? buffers : learned).put(name, array);
    }
  }

  private static boolean isBuffer(String name) {
    return name.endsWith(MEAN) || name.endsWith(VARIANCE) || name.endsWith(BATCHES);
  }

  private static NDArray place(
      String name, Tensor tensor, boolean separable, DataType type, NDManager owner) {
    try (NDManager scope = owner.newSubManager()) {
      NDArray array = Devices.place(scope, tensor).toType(type, false);
      if (name.endsWith(WEIGHT)) {
        array = byMode(array, separable);
      }
      array.attach(owner);
      array.setName("p." + name);
      return array;
    }
  }

  /**
   * The same weight (channels..., modes..., 2), in memory as it is used: the matrix of each mode
   * together, (modes..., in, 2, out), or (modes..., 2, channels) of a separable one.
   */
  private static NDArray byMode(NDArray weight, boolean separable) {
    int axes = weight.getShape().dimension();
    int channelAxes = separable ? 1 : 2;
    List<Integer> order = new ArrayList<>();
    for (int axis = channelAxes; axis < axes - 1; axis++) {
      order.add(axis);
    }
    order.addAll(separable ? List.of(axes - 1, 0) : List.of(0, axes - 1, 1));
    int[] inMemory = order.stream().mapToInt(i -> i).toArray();
    int[] back = new int[axes];
    for (int i = 0; i < axes; i++) {
      back[inMemory[i]] = i;
    }
    NDArray moved = weight.transpose(inMemory);
    return moved.flatten().reshape(moved.getShape()).transpose(back);
  }

  /** What the program wants. */
  Map<String, NDArray> all() {
    return Collections.unmodifiableMap(arrays);
  }

  /** Those that gradients move. */
  Map<String, NDArray> learned() {
    return Collections.unmodifiableMap(learned);
  }

  /** The others: running statistics. */
  Map<String, NDArray> buffers() {
    return Collections.unmodifiableMap(buffers);
  }

  /** Copies on the heap. */
  Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    arrays.forEach((name, array) -> tensors.put(name, Devices.read(array)));
    return tensors;
  }

  /**
   * Fresh values: spectral weights normal with variance 2 / (in + out), and factors such that their
   * product has it; layers uniform within 1/sqrt(fan-in); gates and norms as if they were not
   * there. A residual network starts with a zero output layer, that is as persistence.
   */
  static Map<String, Tensor> fresh(FnoSettings settings, long seed) {
    Random random = new Random(seed);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    double bound = 0;
    for (Map.Entry<String, long[]> entry : shapes(settings).entrySet()) {
      String name = entry.getKey();
      long[] shape = entry.getValue();
      float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
      if (name.contains("convs.")) {
        double deviation = deviation(settings, name);
        boolean complex = !name.endsWith(".bias");
        for (int i = 0; i < values.length; i++) {
          values[i] =
              name.endsWith(".weights")
                  ? 1 - i % 2 // the real number 1
                  : (float) (deviation * random.nextGaussian() / (complex ? Math.sqrt(2) : 1));
        }
      } else if (name.endsWith(SCALE_AND_SHIFT)) {
        Arrays.fill(values, 0, values.length / 2, 1);
      } else if (name.contains(".norm.") && !name.contains(".mlp.")
          || name.contains("skips.") && shape[0] == 1) {
        boolean zero =
            name.endsWith(".bias")
                || name.endsWith(MEAN)
                || name.endsWith(BATCHES)
                || name.contains(IMAGINARY + ".");
        Arrays.fill(values, zero ? 0 : 1);
      } else if (!(settings.residual()
          && name.startsWith("projection.")
          && name.contains(".fcs.1."))) {
        if (name.endsWith(".weight")) { // its bias follows and shares the fan-in
          bound = 1 / Math.sqrt((double) values.length / shape[0]);
        }
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
      }
      tensors.put(name, new Tensor(values, shape));
    }
    return tensors;
  }

  /** Of the numbers of a spectral weight, or of its factors. */
  private static double deviation(FnoSettings settings, String name) {
    String[] parts = name.split("\\.");
    int layer = Integer.parseInt(parts[nested(settings) ? 1 : 2]);
    double in = settings.inputOf(layer);
    double out = settings.layers().get(layer).channels();
    double sigma = Math.sqrt(2 / (in + out));
    if (name.endsWith(".bias") || settings.factorization() == Factorization.DENSE) {
      return sigma;
    }
    List<Integer> sizes = sizes(settings, layer);
    double terms = 1; // that a number of the weight sums
    double factors = sizes.size();
    switch (settings.factorization()) {
      case TUCKER -> {
        for (long rank : Ranks.tucker(sizes, settings.rank())) {
          terms *= rank;
        }
        factors++;
      }
      case CP -> terms = Ranks.cp(sizes, settings.rank());
      case TT -> {
        for (long rank : Ranks.train(sizes, settings.rank())) {
          terms *= rank;
        }
      }
      case DENSE -> throw new IllegalStateException("has no factors");
    }
    return Math.pow(sigma / Math.sqrt(terms), 1 / factors);
  }

  private static boolean nested(FnoSettings settings) {
    return settings.architecture() == Architecture.UNO;
  }

  /** What the names of a part of a layer begin with. */
  static String name(FnoSettings settings, String kind, int layer) {
    return nested(settings)
        ? "fno_blocks." + layer + "." + kind + ".0"
        : "fno_blocks." + kind + "." + layer;
  }

  /** Every parameter and buffer with its shape, weights directly before their biases. */
  static Map<String, long[]> shapes(FnoSettings settings) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    int axes = settings.axes();
    int coordinates = settings.coordinates() ? axes : 0;
    perceptrons(
        shapes,
        settings,
        "lifting",
        settings.inChannels() + coordinates,
        settings.lifting(),
        settings.hidden());
    for (int l = 0; l < settings.layers().size(); l++) {
      int in = settings.inputOf(l);
      int out = settings.layers().get(l).channels();
      kernel(shapes, settings, name(settings, "convs", l), l);
      for (String part : parts(settings)) {
        String name = name(settings, "fno_skips", l) + part;
        skip(shapes, settings.spectralSkip(), settings.skipKernel(), name, in, out, axes);
      }
      if (settings.mlp()) {
        String mlp = name(settings, "channel_mlp", l);
        perceptrons(shapes, settings, mlp, out, settings.mlpHidden(l), out);
        for (String part : parts(settings)) {
          String name = name(settings, "channel_mlp_skips", l) + part;
          skip(shapes, settings.mlpSkip(), 1, name, in, out, axes);
        }
      }
      for (int i = 0; i < 2; i++) {
        String norm =
            nested(settings) ? "fno_blocks." + l + ".norm." + i : "fno_blocks.norm." + (2 * l + i);
        for (String part : parts(settings)) {
          norm(shapes, settings, norm + part, out);
        }
      }
      if (settings.across().containsValue(l)) {
        skip(shapes, Skip.LINEAR, 1, "horizontal_skips." + l, out, out, axes);
      }
    }
    int last = settings.layers().get(settings.layers().size() - 1).channels();
    perceptrons(
        shapes, settings, "projection", last, settings.projection(), settings.outChannels());
    return shapes;
  }

  /**
   * What the names of the layers f and g of complex data end with; of real data there is f alone.
   */
  private static List<String> parts(FnoSettings settings) {
    return settings.complexData() ? List.of(".fr", IMAGINARY) : List.of("");
  }

  private static void perceptrons(
      Map<String, long[]> shapes,
      FnoSettings settings,
      String name,
      long in,
      long inside,
      long out) {
    for (String part : parts(settings)) {
      perceptron(shapes, name + part, in, inside, out);
    }
  }

  /** A single spectral convolution: its weight and its bias. */
  static void kernel(Map<String, long[]> shapes, FnoSettings settings, String name, int layer) {
    List<Integer> sizes = sizes(settings, layer);
    String weight = name + ".weight";
    switch (settings.factorization()) {
      case DENSE -> shapes.put(weight + WEIGHT, complex(sizes));
      case TUCKER -> {
        long[] ranks = Ranks.tucker(sizes, settings.rank());
        shapes.put(weight + ".core", complex(Arrays.stream(ranks).mapToInt(r -> (int) r)));
        for (int i = 0; i < sizes.size(); i++) {
          shapes.put(factor(weight, i), new long[] {sizes.get(i), ranks[i], 2});
        }
      }
      case CP -> {
        long rank = Ranks.cp(sizes, settings.rank());
        shapes.put(weight + ".weights", new long[] {rank, 2});
        for (int i = 0; i < sizes.size(); i++) {
          shapes.put(factor(weight, i), new long[] {sizes.get(i), rank, 2});
        }
      }
      case TT -> {
        long[] ranks = Ranks.train(sizes, settings.rank());
        for (int i = 0; i < sizes.size(); i++) {
          shapes.put(factor(weight, i), new long[] {ranks[i], sizes.get(i), ranks[i + 1], 2});
        }
      }
    }
    long[] bias = new long[settings.axes() + 1];
    Arrays.fill(bias, 1);
    bias[0] = settings.layers().get(layer).channels();
    shapes.put(name + ".bias", bias);
  }

  static String factor(String weight, int index) {
    return weight + ".factors.factor_" + index;
  }

  /** Of the weight of a layer: channels and stored modes. */
  private static List<Integer> sizes(FnoSettings settings, int layer) {
    List<Integer> sizes = new ArrayList<>();
    if (!settings.separable()) {
      sizes.add(settings.inputOf(layer));
    }
    sizes.add(settings.layers().get(layer).channels());
    sizes.addAll(settings.layers().get(layer).stored());
    return sizes;
  }

  private static long[] complex(List<Integer> sizes) {
    return complex(sizes.stream().mapToInt(i -> i));
  }

  private static long[] complex(IntStream sizes) {
    return LongStream.concat(sizes.asLongStream(), LongStream.of(2)).toArray();
  }

  private static void norm(
      Map<String, long[]> shapes, FnoSettings settings, String name, long channels) {
    if (settings.norm() == Norm.GROUP) {
      shapes.put(name + ".weight", new long[] {channels});
      shapes.put(name + ".bias", new long[] {channels});
    } else if (settings.norm() == Norm.ADAPTIVE) {
      shapes.put(name + ".mlp.0.weight", new long[] {ADAPTIVE_HIDDEN, settings.groups()});
      shapes.put(name + ".mlp.0.bias", new long[] {ADAPTIVE_HIDDEN});
      shapes.put(name + ".mlp.2.weight", new long[] {2 * channels, ADAPTIVE_HIDDEN});
      shapes.put(name + SCALE_AND_SHIFT, new long[] {2 * channels});
    } else if (settings.norm() == Norm.BATCH) {
      String inner = name + ".norm"; // the layer of PyTorch inside that of NeuralOperator
      shapes.put(inner + ".weight", new long[] {channels});
      shapes.put(inner + ".bias", new long[] {channels});
      shapes.put(inner + MEAN, new long[] {channels});
      shapes.put(inner + VARIANCE, new long[] {channels});
      shapes.put(inner + BATCHES, new long[0]);
    }
  }

  private static void perceptron(
      Map<String, long[]> shapes, String name, long in, long inside, long out) {
    shapes.put(name + ".fcs.0.weight", new long[] {inside, in, 1});
    shapes.put(name + ".fcs.0.bias", new long[] {inside});
    shapes.put(name + ".fcs.1.weight", new long[] {out, inside, 1});
    shapes.put(name + ".fcs.1.bias", new long[] {out});
  }

  private static void skip(
      Map<String, long[]> shapes, Skip skip, int width, String name, long in, long out, int axes) {
    long[] shape = new long[axes + 2];
    if (skip == Skip.GATE) {
      Arrays.fill(shape, 1);
      shape[1] = out;
      shapes.put(name + ".weight", shape);
    } else if (skip == Skip.LINEAR && width > 1) {
      Arrays.fill(shape, width);
      shape[0] = out;
      shape[1] = in;
      shapes.put(name + ".weight", shape);
    } else if (skip == Skip.LINEAR) {
      shapes.put(name + ".conv.weight", new long[] {out, in, 1});
    }
  }
}
