package etesian.operators;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Named tensors with the metadata that says what they are: the content of a safetensors file.
 *
 * @param metadata {@code architecture}, which {@link Operators} knows by name, the settings of the
 *     architecture under {@code architecture.*}, and whatever the owner adds
 * @param tensors in file order
 */
public record Weights(Map<String, String> metadata, Map<String, Tensor> tensors) {
  public Weights {
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }
}
