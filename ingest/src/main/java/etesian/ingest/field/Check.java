package etesian.ingest.field;

/** Preconditions whose message says what was expected and what came instead. */
public final class Check {
  private Check() {}

  /**
   * @throws IllegalArgumentException with the formatted message when {@code holds} is false
   */
  public static void that(boolean holds, String message, Object... arguments) {
    if (!holds) {
      throw new IllegalArgumentException(String.format(message, arguments));
    }
  }
}
