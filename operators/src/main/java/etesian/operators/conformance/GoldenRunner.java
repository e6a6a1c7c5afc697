package etesian.operators.conformance;

/** Compares one kind of golden file with this library; stateless. */
public interface GoldenRunner {

  /** Short name of the kind, as in reports: {@code m2no}, {@code smnn}. */
  String kind();

  /** Decides by the names of the arrays, not by the file name. */
  boolean recognises(Npz arrays);

  /**
   * Computes what the file holds and gives the worst error; build the result with {@link
   * CaseResult#compared}. Exceptions become a failed case.
   */
  CaseResult run(GoldenFile file);
}
