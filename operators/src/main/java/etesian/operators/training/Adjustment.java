package etesian.operators.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import etesian.operators.Tensor;
import etesian.operators.TrainableOperator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The variables that {@link Adam} moves, and how the parameters of an operator follow them. The
 * parameters are where they were at construction.
 */
abstract class Adjustment {
  private final Map<String, NDArray> parameters;

  Adjustment(Map<String, NDArray> parameters) {
    this.parameters = parameters;
    parameters.values().forEach(p -> p.setRequiresGradient(true));
  }

  /**
   * @param owner of what the adjustment holds outside the heap
   */
  static Adjustment of(
      TuneScope scope, TrainableOperator operator, NDManager owner, double l2sp, long seed) {
    Map<String, NDArray> chosen = new LinkedHashMap<>(operator.parameters());
    if (scope instanceof TuneScope.Named named) {
      chosen.keySet().removeIf(name -> named.prefixes().stream().noneMatch(name::startsWith));
      if (chosen.isEmpty()) {
        throw new IllegalArgumentException(
            "no parameter begins with one of "
                + named.prefixes()
                + "; there are "
                + operator.parameters().keySet());
      }
    }
    return scope instanceof TuneScope.LowRank lowRank
        ? new LowRankAdjustment(chosen, owner, lowRank.rank(), l2sp, seed)
        : new WholeAdjustment(chosen, owner, l2sp);
  }

  /** The parameters that change, by name; they hold gradients after a backward pass. */
  Map<String, NDArray> parameters() {
    return parameters;
  }

  /** What Adam moves, by name. */
  abstract Map<String, NDArray> variables();

  /** Half the strength times the squared distance from the start: a scalar; null without a pull. */
  abstract NDArray pull();

  /** After the backward pass of the terms and the pull: gradients to the variables. */
  abstract void collect();

  /** After a step of Adam: parameters from the variables. */
  abstract void follow();

  /** Parameters back to where they began. */
  abstract void undo();

  /** Goes on with variables that another session reached. */
  void restore(Map<String, Tensor> values) {
    variables().forEach((name, array) -> InPlace.write(array, values.get(name)));
    follow();
  }

  void close() {
    parameters.values().forEach(p -> p.setRequiresGradient(false));
  }

  static void zeroGradients(Map<String, NDArray> arrays) {
    arrays.values().forEach(array -> JniUtils.zeroGrad((PtNDArray) array));
  }
}
