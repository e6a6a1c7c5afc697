package etesian.operators;

/** A weights file that is damaged, or weights that do not fit the operator they are meant for. */
public final class WeightsException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public WeightsException(String message) {
    super(message);
  }

  public WeightsException(String message, Throwable cause) {
    super(message, cause);
  }
}
