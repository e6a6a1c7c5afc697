package etesian.operators.training;

import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.operators.WeightsException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All that the rest of a run depends on, as {@link Weights}: tensors {@code parameter.*}, {@code
 * best.*}, {@code mean.*} and {@code square.*} (the moments of Adam), the rest as metadata. The
 * order of the pairs follows from seed and epoch, so there is no random state.
 *
 * @param seed of the run
 * @param batchSize of the run
 * @param pairs fingerprint of the training pairs
 * @param position between two steps
 * @param steps of Adam
 * @param stages of the axes of an operator that grows, none for others
 * @param bestStages of {@code best}
 * @param energy of the gradients of this epoch, for each axis by shell, where growth asks for it
 * @param elapsed time of training, all sessions together
 * @param parameters by name, buffers among them
 * @param best the same of the smallest validation loss
 * @param moments of Adam
 */
record Checkpoint(
    long seed,
    int batchSize,
    int pairs,
    Position position,
    int steps,
    List<Integer> stages,
    List<Integer> bestStages,
    List<double[]> energy,
    Duration elapsed,
    Map<String, Tensor> parameters,
    Map<String, Tensor> best,
    Map<String, Tensor> moments) {

  private static final String FORMAT = "etesian-training-1";
  private static final String PARAMETER = "parameter.";
  private static final String BEST = "best.";
  private static final String ENERGY = "gradient_energy.";

  Weights toWeights() {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", FORMAT);
    metadata.put("seed", Long.toString(seed));
    metadata.put("batch_size", Integer.toString(batchSize));
    metadata.put("pairs", Integer.toString(pairs));
    metadata.put("epoch", Integer.toString(position.epoch()));
    metadata.put("batch", Integer.toString(position.batch()));
    metadata.put("loss_sum", Double.toString(position.lossSum())); // read back to the bit
    metadata.put("training_loss", Double.toString(position.trainingLoss()));
    metadata.put("initial_loss", Double.toString(position.initialLoss()));
    metadata.put("best_loss", Double.toString(position.bestLoss()));
    metadata.put("best_epoch", Integer.toString(position.bestEpoch()));
    metadata.put("steps", Integer.toString(steps));
    metadata.put("stage", join(stages));
    metadata.put("best_stage", join(bestStages));
    for (int axis = 0; axis < energy.size(); axis++) {
      metadata.put(ENERGY + axis, join(Arrays.stream(energy.get(axis)).boxed().toList()));
    }
    metadata.put("elapsed", elapsed.toString());
    Map<String, Tensor> tensors = new LinkedHashMap<>(moments);
    parameters.forEach((name, tensor) -> tensors.put(PARAMETER + name, tensor));
    best.forEach((name, tensor) -> tensors.put(BEST + name, tensor));
    return new Weights(metadata, tensors);
  }

  /**
   * @throws WeightsException these are not the weights of a checkpoint
   */
  static Checkpoint of(Weights weights) {
    Map<String, String> in = weights.metadata();
    if (!FORMAT.equals(in.get("format"))) {
      throw new WeightsException(
          String.format("format '%s', expected a checkpoint, %s", in.get("format"), FORMAT));
    }
    try {
      Position position =
          new Position(
              Integer.parseInt(in.get("epoch")),
              Integer.parseInt(in.get("batch")),
              Double.parseDouble(in.get("loss_sum")),
              Double.parseDouble(in.get("training_loss")),
              Double.parseDouble(in.get("initial_loss")),
              Double.parseDouble(in.get("best_loss")),
              Integer.parseInt(in.get("best_epoch")));
      Map<String, Tensor> moments = new LinkedHashMap<>(weights.tensors());
      moments.keySet().removeIf(name -> name.startsWith(PARAMETER) || name.startsWith(BEST));
      return new Checkpoint(
          Long.parseLong(in.get("seed")),
          Integer.parseInt(in.get("batch_size")),
          Integer.parseInt(in.get("pairs")),
          position,
          Integer.parseInt(in.get("steps")),
          stages(in.getOrDefault("stage", "0")), // of files before there was growth
          stages(in.getOrDefault("best_stage", "0")),
          energy(in),
          Duration.parse(in.get("elapsed")),
          startingWith(PARAMETER, weights),
          startingWith(BEST, weights),
          moments);
    } catch (RuntimeException e) {
      throw new WeightsException("metadata " + in + " is not that of a checkpoint: " + e, e);
    }
  }

  private static String join(List<?> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private static List<Integer> stages(String text) {
    return split(text).map(Integer::valueOf).toList();
  }

  private static List<double[]> energy(Map<String, String> in) {
    List<double[]> energy = new ArrayList<>();
    for (int axis = 0; in.containsKey(ENERGY + axis); axis++) {
      energy.add(split(in.get(ENERGY + axis)).mapToDouble(Double::parseDouble).toArray());
    }
    return energy;
  }

  private static Stream<String> split(String text) {
    return text.isEmpty() ? Stream.empty() : Arrays.stream(text.split(","));
  }

  /** Tensors by what follows a prefix in their names. */
  static Map<String, Tensor> startingWith(String prefix, Weights weights) {
    Map<String, Tensor> found = new LinkedHashMap<>();
    weights
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), tensor);
              }
            });
    return found;
  }
}
