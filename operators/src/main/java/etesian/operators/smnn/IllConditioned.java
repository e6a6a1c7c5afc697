package etesian.operators.smnn;

/** A system that double precision cannot factor: singular, or so nearly that no digit is left. */
public final class IllConditioned extends ArithmeticException {
  private static final long serialVersionUID = 1L;

  private final int batchElement;
  private final int step;

  IllConditioned(int batchElement, int step, double pivot) {
    super(
        String.format(
            "batch element %d, step %d: pivot %.3g is not safely positive; give each variable an"
                + " equation or initial values, or use shorter series, fewer orders or the central"
                + " form",
            batchElement, step, pivot));
    this.batchElement = batchElement;
    this.step = step;
  }

  /** Index over all batch axes, row-major; 0 when all elements share the left side. */
  public int batchElement() {
    return batchElement;
  }

  /** The time point whose pivot failed. */
  public int step() {
    return step;
  }
}
