package etesian.ops.compare;

import etesian.operators.Tensor;
import etesian.operators.TrainableOperator;
import etesian.ops.bench.ResidentMemory;
import etesian.pipeline.settings.ModelKind;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One kind of network on one challenge, in this process, which should be its own: memory is that of
 * the process.
 *
 * @param budget wall time of the training
 * @param seed of the first parameters and of the order of the pairs, where a challenge leaves it
 *     open
 * @param steps of a rollout
 */
public record Match(Duration budget, long seed, int steps) {
  private static final int TIMED_STEPS = 20;

  /**
   * @return figures by name: relative L2 error after one step and after all, {@link
   *     Challenge.Errors#further}, parameters (numbers), ms of a step of one rollout, MiB of it,
   *     seconds and MiB of the training
   */
  public Map<String, Object> play(Challenge challenge, ModelKind kind) {
    Map<String, Object> step = new LinkedHashMap<>();
    try (TrainableOperator operator = challenge.untrained(kind, seed)) {
      Tensor input = challenge.input();
      ResidentMemory.Growth memory = ResidentMemory.watch();
      double[] times = new double[TIMED_STEPS];
      for (int i = -TIMED_STEPS; i < times.length; i++) { // as many to warm up
        long start = System.nanoTime();
        Tensor output = operator.apply(input);
        double ms = (System.nanoTime() - start) / 1e6;
        times[Math.max(0, i)] = output.values().length > 0 ? ms : Double.NaN;
      }
      Arrays.sort(times);
      step.put(
          "parameters",
          operator.parameters().values().stream().mapToLong(p -> p.getShape().size()).sum());
      step.put("step_ms", times[TIMED_STEPS / 2]);
      step.put("step_mib", memory.mib());
    }
    Challenge.Learned learned = challenge.learn(kind, budget, seed, steps);
    Map<String, Object> figures = errors(learned.errors());
    figures.putAll(step);
    figures.put("training_s", learned.seconds());
    figures.put("training_mib", learned.trainingMib());
    return figures;
  }

  /** The errors of taking the newest field for all that follow. */
  public Map<String, Object> persistence(Challenge challenge) {
    return errors(challenge.persistence(steps));
  }

  private Map<String, Object> errors(Challenge.Errors errors) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("l2_1", errors.rollout()[0]);
    figures.put("l2_" + steps, errors.rollout()[steps - 1]);
    figures.putAll(errors.further());
    return figures;
  }
}
