package etesian.operators;

import java.util.List;

/**
 * An operator of which training may use a part at first and more later: few modes of a spectrum,
 * for instance, which are cheaper and smoother than all of them. What is not in use is stored and
 * keeps its values. Each of its axes grows by itself, stage by stage.
 */
public interface GrowingOperator extends TrainableOperator {
  /** How often each axis has grown since the operator was made. */
  List<Integer> grown();

  /** How often each axis can grow altogether; 0 where all is in use from the beginning. */
  List<Integer> mostGrown();

  /**
   * Grows or shrinks to stages.
   *
   * @param stages of each axis, 0 to {@link #mostGrown}
   */
  void growTo(List<Integer> stages);

  /**
   * How the gradients that the parameters hold spread over what is in use: for each axis the sum of
   * their squares by distance from the edge to which the axis has grown. The first is what its last
   * stage brought, the last is what lies deepest inside.
   *
   * @return none for an axis where growing would change nothing
   */
  List<double[]> gradientEnergy();
}
