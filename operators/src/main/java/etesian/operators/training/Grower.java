package etesian.operators.training;

import etesian.operators.GrowingOperator;
import etesian.operators.TrainableOperator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Lets an operator grow by a rule; does nothing with one that cannot. */
final class Grower {
  private final Growth rule;
  private final GrowingOperator operator; // null when it cannot
  private List<double[]> energy = List.of(); // of the steps of this epoch

  Grower(Growth rule, TrainableOperator operator) {
    this.rule = rule;
    this.operator = operator instanceof GrowingOperator growing ? growing : null;
  }

  /** Stages of the axes; none of an operator that cannot grow. */
  List<Integer> stages() {
    return operator == null ? List.of() : operator.grown();
  }

  /**
   * @param stages as {@link #stages} gave them, or one number for all axes, as files have it that
   *     are older than growth axis by axis
   */
  void growTo(List<Integer> stages) {
    if (operator == null) {
      return;
    }
    List<Integer> most = operator.mostGrown();
    Integer[] each = new Integer[most.size()];
    boolean together = stages.size() == 1;
    Arrays.setAll(each, a -> Math.min(most.get(a), stages.get(together ? 0 : a)));
    if (!List.of(each).equals(operator.grown())) {
      operator.growTo(List.of(each));
    }
  }

  /** Between the backward pass of a step and the step. */
  void look() {
    if (operator != null && rule instanceof Growth.GradientEnergy) {
      List<double[]> now = operator.gradientEnergy();
      energy = energy.isEmpty() ? now : sum(energy, now);
    }
  }

  private static List<double[]> sum(List<double[]> one, List<double[]> other) {
    List<double[]> sums = new ArrayList<>();
    for (int axis = 0; axis < one.size(); axis++) {
      double[] longer =
          one.get(axis).length < other.get(axis).length ? other.get(axis) : one.get(axis);
      double[] shorter = longer == one.get(axis) ? other.get(axis) : one.get(axis);
      double[] sum = longer.clone();
      for (int d = 0; d < shorter.length; d++) {
        sum[d] += shorter[d];
      }
      sums.add(sum);
    }
    return sums;
  }

  /**
   * @param loss mean of the epoch
   * @param before mean of the epoch before, NaN if there was none
   */
  void afterEpoch(double loss, double before) {
    if (operator != null) {
      List<Integer> stages = new ArrayList<>(operator.grown());
      for (int axis = 0; axis < stages.size(); axis++) {
        if (wants(axis, loss, before)) {
          stages.set(axis, stages.get(axis) + 1);
        }
      }
      growTo(stages);
      energy = List.of();
    }
  }

  private boolean wants(int axis, double loss, double before) {
    if (rule instanceof Growth.LossGap gap) {
      return Math.abs(loss - before) <= gap.stall() * before;
    }
    if (rule instanceof Growth.GradientEnergy by && !energy.isEmpty()) {
      double[] shells = energy.get(axis);
      double whole = Arrays.stream(shells).sum();
      double inside = Arrays.stream(shells).skip(by.edge()).sum();
      return inside < by.explained() * whole;
    }
    return false;
  }

  /** What was seen of this epoch. */
  List<double[]> energy() {
    return energy;
  }

  void restore(List<double[]> seen) {
    energy = seen;
  }
}
