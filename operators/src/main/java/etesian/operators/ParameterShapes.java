package etesian.operators;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Whether the tensors of a weights file are those that a network expects. */
public final class ParameterShapes {
  private ParameterShapes() {}

  /**
   * @param expected name and shape of every parameter
   * @throws WeightsException a parameter is missing, unknown or of another shape
   */
  public static void check(Map<String, long[]> expected, Map<String, Tensor> tensors) {
    Set<String> unknown = new LinkedHashSet<>(tensors.keySet());
    unknown.removeAll(expected.keySet());
    Set<String> missing = new LinkedHashSet<>(expected.keySet());
    missing.removeAll(tensors.keySet());
    if (!unknown.isEmpty() || !missing.isEmpty()) {
      throw new WeightsException(
          "parameters do not fit the settings: missing " + missing + ", unknown " + unknown);
    }
    expected.forEach(
        (name, shape) -> {
          Tensor tensor = tensors.get(name);
          if (!Arrays.equals(tensor.shape(), shape)) {
            throw new WeightsException(
                String.format(
                    "parameter '%s' has shape %s, expected %s",
                    name, Arrays.toString(tensor.shape()), Arrays.toString(shape)));
          }
        });
  }
}
