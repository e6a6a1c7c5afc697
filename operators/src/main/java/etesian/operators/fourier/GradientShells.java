package etesian.operators.fourier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import etesian.operators.Devices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How the gradient of a loss spreads over the frequencies of the spectral weights:
 *
 * <pre>
 *   E_a(d) = sum_l sum_{F_la - |f_a| = d} sum_io |dL / dW_l[i, o, f]|^2
 * </pre>
 *
 * <ul>
 *   <li>a: axis; f: frequencies in use, F_la the largest |f_a| of layer l; on the sphere degrees
 *   <li>d = 0 is the outermost shell of the axis; the last E is that of the lowest frequencies
 *   <li>a factor of the axis takes the place of W where there are factors: its rows belong to
 *       frequencies
 *   <li>layers that cannot show more on this axis do not count: those whose weight stores no more,
 *       and those whose modes in use are as many as their grid can tell from each other
 * </ul>
 */
final class GradientShells {
  private GradientShells() {}

  /**
   * @param windows of the modes in use, as {@link Program#windows} has them
   * @param limits as {@link Program#limits} has them
   * @param parameters by name, after a backward pass
   * @return for each stored axis the energies of its shells; empty where no layer counts
   */
  static List<double[]> of(
      FnoSettings settings,
      List<Integer> windows,
      List<Integer> limits,
      Map<String, NDArray> parameters) {
    int axes = settings.layers().get(0).stored().size();
    List<double[]> energies = new ArrayList<>();
    for (int axis = 0; axis < axes; axis++) {
      energies.add(new double[0]);
    }
    for (int l = 0; l < settings.layers().size(); l++) {
      FnoLayer layer = settings.layers().get(l);
      for (int axis = 0; axis < axes; axis++) {
        int start = windows.get(2 * (l * axes + axis));
        int kept = windows.get(2 * (l * axes + axis) + 1) - start;
        int most = Math.min(layer.stored().get(axis), limits.get(l * axes + axis));
        if (kept < most) {
          double[] rows = rows(settings, l, axis, parameters);
          boolean half = axis == settings.axes() - 1 && !settings.complexData();
          boolean signed = !settings.sphere() && !half;
          energies.set(axis, added(energies.get(axis), rows, start, kept, signed));
        }
      }
    }
    return energies;
  }

  /** Energies of the stored modes of an axis, all others summed. */
  private static double[] rows(
      FnoSettings settings, int layer, int axis, Map<String, NDArray> parameters) {
    String weight = Parameters.name(settings, "convs", layer) + ".weight";
    boolean dense = settings.factorization() == Factorization.DENSE;
    String name = weight + Parameters.WEIGHT;
    int of = (settings.separable() ? 1 : 2) + axis;
    if (!dense) {
      name = Parameters.factor(weight, of);
      of = settings.factorization() == Factorization.TT ? 1 : 0;
    }
    int row = of;
    NDArray parameter = parameters.get(name);
    int[] others =
        IntStream.range(0, parameter.getShape().dimension()).filter(i -> i != row).toArray();
    return Devices.withoutGradients(
        () -> {
          try (NDScope temporaries = new NDScope()) {
            temporaries.suppressNotUsedWarning();
            NDArray sums = parameter.getGradient().square().sum(others);
            return sums.toType(DataType.FLOAT64, false).toDoubleArray();
          }
        });
  }

  private static double[] added(
      double[] energies, double[] rows, int start, int kept, boolean signed) {
    int largest = signed ? kept / 2 : kept - 1;
    double[] sum = Arrays.copyOf(energies, Math.max(energies.length, largest + 1));
    for (int i = 0; i < kept; i++) {
      int frequency = signed ? Math.abs(i - kept / 2) : i;
      sum[largest - frequency] += rows[start + i];
    }
    return sum;
  }
}
