package etesian.operators;

/**
 * An operator of which training may use a part at first and more later: few modes of a spectrum,
 * for instance, which are cheaper and smoother than all of them. What is not in use is stored and
 * keeps its values.
 */
public interface GrowingOperator extends TrainableOperator {
  /** How often it has grown since it was made. */
  int grown();

  /** How often it can grow altogether; 0 when all is in use from the beginning. */
  int mostGrown();

  /**
   * Grows or shrinks to a stage.
   *
   * @param stage 0 to {@link #mostGrown}
   */
  void growTo(int stage);
}
