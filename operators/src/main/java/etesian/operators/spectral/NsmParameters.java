package etesian.operators.spectral;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import etesian.operators.Devices;
import etesian.operators.ParameterShapes;
import etesian.operators.Tensor;
import etesian.operators.WeightsException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** The named parameters of a network; names and shapes are those of the published program. */
final class NsmParameters {
  private NsmParameters() {}

  /**
   * @throws WeightsException a parameter is missing, unknown or of another shape
   */
  static Map<String, NDArray> place(
      NsmSettings settings, Map<String, Tensor> tensors, DataType type, NDManager owner) {
    Map<String, long[]> expected = settings.shapes();
    ParameterShapes.check(expected, tensors);
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    for (String name : expected.keySet()) {
      NDArray array = Devices.place(owner, tensors.get(name)).toType(type, false);
      array.attach(owner);
      array.setName("p." + name);
      arrays.put(name, array);
    }
    return arrays;
  }

  /**
   * Fresh values as published: normal, of deviation 1 / h^2 for W and 1 / sqrt(fan-in) for the
   * other kernels; biases 0. A network of increments starts with a last kernel of zeros, that is as
   * persistence.
   */
  static Map<String, Tensor> fresh(NsmSettings settings, long seed) {
    Random random = new Random(seed);
    String last = NsmSettings.dense(settings.depth() + 4);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    settings
        .shapes()
        .forEach(
            (name, shape) -> {
              int size = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
              float[] values = new float[size];
              boolean zero = settings.residual() && name.startsWith(last);
              if (!name.endsWith("/bias") && !zero) {
                double deviation =
                    name.endsWith("/W")
                        ? 1.0 / ((double) settings.hidden() * settings.hidden())
                        : 1 / Math.sqrt(fanIn(shape));
                for (int i = 0; i < size; i++) {
                  values[i] = (float) (deviation * random.nextGaussian());
                }
              }
              tensors.put(name, new Tensor(values, shape));
            });
    return tensors;
  }

  /** Of a kernel (in..., out...), as many axes on both sides. */
  private static double fanIn(long[] shape) {
    return Arrays.stream(shape, 0, shape.length / 2).reduce(1, (a, b) -> a * b);
  }
}
