package etesian.ingest.supply;

import java.io.IOException;

/**
 * A file cannot be had, for a reason that trying again does not remove. The message says what to
 * do; it never holds a key.
 */
public final class SupplyException extends IOException {
  private static final long serialVersionUID = 1L;

  SupplyException(String message) {
    super(message);
  }

  SupplyException(String message, Throwable cause) {
    super(message, cause);
  }
}
