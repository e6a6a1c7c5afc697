package etesian.operators.m2no;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import etesian.operators.Devices;
import etesian.operators.ParameterShapes;
import etesian.operators.Tensor;
import etesian.operators.WeightsException;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * The named parameters of a network. Names and shapes are those of the published state dictionary,
 * so that weights trained in Python fit.
 */
final class Parameters {
  private final Map<String, NDArray> arrays = new LinkedHashMap<>();

  /**
   * @throws WeightsException a parameter is missing, unknown or of another shape
   */
  Parameters(M2noSettings settings, Map<String, Tensor> tensors, DataType type, NDManager owner) {
    Map<String, long[]> expected = shapes(settings);
    ParameterShapes.check(expected, tensors);
    for (String name : expected.keySet()) {
      arrays.put(name, place(name, tensors.get(name), type, owner));
    }
  }

  /** Weights of normalisations lie as activations do: the channels last in memory. */
  private static NDArray place(String name, Tensor tensor, DataType type, NDManager owner) {
    try (NDManager scope = owner.newSubManager()) {
      NDArray array = Devices.place(scope, tensor).toType(type, false);
      long[] shape = tensor.shape();
      if (name.contains(".norm_list.") && shape.length > 1) {
        NDArray last = shape.length == 2 ? array.transpose() : array.transpose(1, 2, 0);
        NDArray copy = last.flatten().reshape(last.getShape());
        array = shape.length == 2 ? copy.transpose() : copy.transpose(2, 0, 1);
      }
      array.attach(owner);
      array.setName("p." + name);
      return array;
    }
  }

  Map<String, NDArray> all() {
    return Collections.unmodifiableMap(arrays);
  }

  /** Copies on the heap. */
  Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    arrays.forEach((name, array) -> tensors.put(name, Devices.read(array)));
    return tensors;
  }

  /**
   * Fresh values: uniform within 1/sqrt(fan-in) for layers, 1 and 0 for normalisations, 0 for
   * details. A residual network starts with a zero output layer, that is as persistence.
   */
  static Map<String, Tensor> fresh(M2noSettings settings, long seed) {
    Random random = new Random(seed);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    double bound = 0;
    for (Map.Entry<String, long[]> entry : shapes(settings).entrySet()) {
      String name = entry.getKey();
      long[] shape = entry.getValue();
      float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
      boolean weight = name.endsWith(".weight");
      if (name.contains(".norm_list.")) {
        Arrays.fill(values, weight ? 1 : 0);
      } else if (!name.contains(".detail_list.")
          && !(settings.residual() && name.startsWith(settings.linear(2)))) {
        if (weight) { // its bias follows and shares the fan-in
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

  /** Every parameter with its shape, weights directly before their biases. */
  static Map<String, long[]> shapes(M2noSettings settings) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    long c = settings.channels();
    layer(shapes, true, settings.linear(0), c, settings.inChannels());
    layer(shapes, true, settings.linear(1), c, c);
    layer(shapes, true, settings.linear(2), settings.outChannels(), c);
    for (int b = 0; b < settings.numLayers(); b++) {
      if (settings.dim() == 2) {
        block2d(shapes, settings, "blocks." + b + ".");
      } else {
        block1d(shapes, settings, "conv_list." + b + ".");
      }
    }
    return shapes;
  }

  private static void block2d(Map<String, long[]> shapes, M2noSettings settings, String block) {
    convolution(shapes, settings, block + "A");
    convolution(shapes, settings, block + "pre_S.smoothers.0");
    convolution(shapes, settings, block + "post_S.smoothers.0");
    for (int i = 0; i < settings.gridLevels().size(); i++) {
      for (int j = 0; j < settings.gridLevels().get(i); j++) {
        convolution(shapes, settings, block + "grid_list." + i + ".smoothers." + j);
      }
    }
    norms(shapes, settings, block);
    details(shapes, settings, block);
  }

  private static void block1d(Map<String, long[]> shapes, M2noSettings settings, String block) {
    for (String role : new String[] {"S", "A"}) {
      convolution(shapes, settings, block + "pre_S." + role + ".0");
      convolution(shapes, settings, block + "post_S." + role + ".0");
      for (int i = 0; i < settings.gridLevels().size(); i++) {
        for (int j = 0; j < settings.gridLevels().get(i); j++) {
          convolution(shapes, settings, block + "grid_list." + i + "." + role + "." + j);
        }
      }
    }
    norms(shapes, settings, block);
    details(shapes, settings, block);
  }

  private static void norms(Map<String, long[]> shapes, M2noSettings settings, String block) {
    if (settings.norm() == Norm.NONE) {
      return;
    }
    for (int i = 0; i < settings.gridLevels().size(); i++) {
      int axes = settings.norm() == Norm.LAYER ? settings.dim() : 0;
      long[] shape = new long[axes + 1];
      shape[0] = settings.channels();
      for (int axis = 0; axis < axes; axis++) {
        shape[axis + 1] = settings.resolution().get(axis) >> i;
      }
      shapes.put(block + "norm_list." + i + ".weight", shape);
      shapes.put(block + "norm_list." + i + ".bias", shape);
    }
  }

  private static void details(Map<String, long[]> shapes, M2noSettings settings, String block) {
    long bands = settings.dim() == 1 ? 1 : 3;
    long channels = bands * settings.channels();
    for (int i = 0; settings.details() && i < settings.gridLevels().size(); i++) {
      shapes.put(block + "detail_list." + i + ".weight", new long[] {channels, channels, 1, 1});
    }
  }

  private static void convolution(Map<String, long[]> shapes, M2noSettings settings, String name) {
    long[] kernel = settings.dim() == 2 ? new long[] {3, 3} : new long[] {3};
    layer(shapes, settings.bias(), name, settings.channels(), settings.channels(), kernel);
  }

  private static void layer(
      Map<String, long[]> shapes, boolean bias, String name, long out, long in, long... kernel) {
    long[] shape = new long[2 + kernel.length];
    shape[0] = out;
    shape[1] = in;
    System.arraycopy(kernel, 0, shape, 2, kernel.length);
    shapes.put(name + ".weight", shape);
    if (bias) {
      shapes.put(name + ".bias", new long[] {out});
    }
  }
}
