package etesian.ops.compare;

import etesian.operators.Tensor;
import etesian.operators.TrainableOperator;
import etesian.pipeline.settings.ModelKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Something that every kind of network learns step by step, and is judged by in rollouts from
 * fields that it has not seen.
 */
public interface Challenge {

  /** For reports; unique among those of a comparison. */
  String name();

  /** The networks that make sense here. */
  List<ModelKind> models();

  /**
   * An untrained network.
   *
   * @throws IllegalArgumentException not one of {@link #models}
   */
  TrainableOperator untrained(ModelKind kind, long seed);

  /** What a network is given for one step of one rollout. */
  Tensor input();

  /**
   * Trains a network and lets it run.
   *
   * @param budget wall time of the training, at most
   * @param steps of a rollout
   */
  Learned learn(ModelKind kind, Duration budget, long seed, int steps);

  /** The errors of the field that a rollout begins with. */
  Errors persistence(int steps);

  /**
   * What came of a training.
   *
   * @param seconds of wall time, validation included
   * @param trainingMib growth of resident memory while it lasted, its peak
   */
  record Learned(double seconds, double trainingMib, Errors errors) {}

  /**
   * Relative L2 errors.
   *
   * @param rollout after 1, 2, ... steps
   * @param further what else a challenge asks of this network, by name; may be empty
   */
  record Errors(double[] rollout, Map<String, Double> further) {}
}
