package etesian.operators.training;

/** How the learning rate falls in the course of a run. */
public enum Schedule {
  CONSTANT,
  /** From 1 to 0 along half a cosine. */
  COSINE,
  /** Halved after each fifth of the run. */
  HALVING;

  /**
   * @param fraction of the run that is done, 0 to 1
   * @return factor of the first learning rate
   */
  double factor(double fraction) {
    double x = Math.min(1, Math.max(0, fraction));
    return switch (this) {
      case CONSTANT -> 1;
      case COSINE -> (1 + Math.cos(Math.PI * x)) / 2;
      case HALVING -> Math.pow(0.5, Math.floor(5 * x));
    };
  }
}
