package etesian.ingest.wire;

/** The version of the code that runs, for provenance. */
public final class CodeVersion {
  private CodeVersion() {}

  /** {@code Implementation-Version} of the jar; "development" when run from classes. */
  public static String get() {
    String version = CodeVersion.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
