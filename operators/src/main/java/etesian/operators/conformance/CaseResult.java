package etesian.operators.conformance;

/**
 * How one golden file was met.
 *
 * @param name the file, relative to the folder that was run, without {@code .npz}
 * @param kind {@code m2no}, {@code smnn}, or the folder's name where no runner knows the file
 * @param error the worst deviation, in the measure of its tolerance; NaN when nothing was compared
 * @param tolerance largest error that passes
 * @param pass whether the case agrees
 * @param note what was compared, or why it failed
 */
public record CaseResult(
    String name, String kind, double error, double tolerance, boolean pass, String note) {

  /** A comparison that took place: passes if the error is a number within the tolerance. */
  public static CaseResult compared(
      String name, String kind, double error, double tolerance, String note) {
    return new CaseResult(name, kind, error, tolerance, error <= tolerance, note);
  }

  /** The same with more to say. */
  public CaseResult noted(String more) {
    return new CaseResult(name, kind, error, tolerance, pass, note + "; " + more);
  }

  /** A case that could not be compared at all. */
  public static CaseResult failed(String name, String kind, String why) {
    return new CaseResult(name, kind, Double.NaN, 0, false, why);
  }
}
