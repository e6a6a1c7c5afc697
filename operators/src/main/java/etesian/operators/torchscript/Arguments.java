package etesian.operators.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Arrays as the arguments of a method: alone, or together as a dictionary or a list. */
final class Arguments {
  private static final String LIST = "[]";

  private Arguments() {}

  /** See {@link TorchScript#call}; who asks for them closes them. */
  static List<IValue> of(Collection<NDArray> arrays) {
    Map<String, Map<String, PtNDArray>> groups = new LinkedHashMap<>();
    for (NDArray array : arrays) {
      String name = array.getName() == null ? "" : array.getName();
      int dot = name.indexOf('.');
      boolean together = dot > 0 || name.endsWith(LIST);
      String group = dot > 0 ? name.substring(0, dot) : together ? name : "#" + groups.size();
      Map<String, PtNDArray> members = groups.computeIfAbsent(group, g -> new LinkedHashMap<>());
      String key = dot > 0 ? name.substring(dot + 1) : Integer.toString(members.size());
      members.put(key, (PtNDArray) array);
    }
    List<IValue> values = new ArrayList<>();
    groups.forEach((group, members) -> values.add(value(group, members)));
    return values;
  }

  private static IValue value(String group, Map<String, PtNDArray> members) {
    if (group.startsWith("#")) {
      return IValue.from(members.values().iterator().next());
    }
    return group.endsWith(LIST)
        ? IValue.listFrom(members.values().toArray(PtNDArray[]::new))
        : IValue.stringMapFrom(members);
  }
}
