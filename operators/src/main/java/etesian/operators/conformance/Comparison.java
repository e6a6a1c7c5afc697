package etesian.operators.conformance;

/** Keeps the one of many comparisons that comes nearest to its tolerance, or exceeds it most. */
public final class Comparison {
  private int count;
  private double error;
  private double tolerance = 1;
  private String name = "nothing compared";

  /** Greatest deviation over greatest true value. */
  public void see(String compared, double[] actual, double[] truth, double itsTolerance) {
    see(compared, actual, truth, greatest(truth), itsTolerance);
  }

  /** Greatest deviation over a scale; infinite where sizes differ, NaN where a value is. */
  public void see(
      String compared, double[] actual, double[] truth, double scale, double itsTolerance) {
    double deviation = actual.length == truth.length ? 0 : Double.POSITIVE_INFINITY;
    for (int i = 0; i < Math.min(actual.length, truth.length); i++) {
      deviation = Math.max(deviation, Math.abs(actual[i] - truth[i])); // NaN stays
    }
    see(compared, scale == 0 ? deviation : deviation / scale, itsTolerance);
  }

  /**
   * @param itsError in the same measure as the tolerance; NaN is worse than any number
   */
  public void see(String compared, double itsError, double itsTolerance) {
    boolean first = count++ == 0;
    if (first || !Double.isNaN(error) && !(itsError / itsTolerance <= error / tolerance)) {
      error = itsError;
      tolerance = itsTolerance;
      name = compared;
    }
  }

  /** The greatest absolute value. */
  public static double greatest(double[] values) {
    double greatest = 0;
    for (double value : values) {
      greatest = Math.max(greatest, Math.abs(value));
    }
    return greatest;
  }

  public CaseResult result(String file, String kind) {
    return count == 0
        ? CaseResult.failed(file, kind, name)
        : CaseResult.compared(file, kind, error, tolerance, count + " arrays, worst " + name);
  }
}
