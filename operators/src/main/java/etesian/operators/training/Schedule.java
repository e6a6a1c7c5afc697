package etesian.operators.training;

/** How the learning rate changes in the course of a run. */
public enum Schedule {
  CONSTANT,
  /** From 1 to 0 along half a cosine. */
  COSINE,
  /** From 0 to 1 in the first twentieth of the run, then to 0 along half a cosine. */
  WARM_UP_COSINE,
  /** Halved after each fifth of the run. */
  HALVING;

  private static final double WARM_UP = 0.05;

  /**
   * @param fraction of the run that is done, 0 to 1
   * @return factor of the greatest learning rate
   */
  double factor(double fraction) {
    double x = Math.min(1, Math.max(0, fraction));
    return switch (this) {
      case CONSTANT -> 1;
      case COSINE -> cosine(x);
      case WARM_UP_COSINE -> x < WARM_UP ? x / WARM_UP : cosine((x - WARM_UP) / (1 - WARM_UP));
      case HALVING -> Math.pow(0.5, Math.floor(5 * x));
    };
  }

  private static double cosine(double x) {
    return (1 + Math.cos(Math.PI * x)) / 2;
  }
}
