package etesian.ingest.claim;

import java.util.Objects;

/**
 * A reference without content. The message says what is wrong, what was expected and what to do; it
 * is the only exception that a bad reference gives.
 */
public final class Unresolved extends Exception {
  private static final long serialVersionUID = 1L;

  /** The class of it, for filters and metrics. Names are part of the dead-letter contract. */
  public enum Reason {
    /** Not under an allowed root, or there is none. */
    REFERENCE_NOT_ALLOWED,
    /** Not a URI, or without the hash or with a length that is no number. */
    REFERENCE_MALFORMED,
    /** Nothing lies there. */
    REFERENCE_MISSING,
    /** Larger than the settings allow. */
    REFERENCE_TOO_LARGE,
    /** The content has another length than the record says. */
    REFERENCE_LENGTH,
    /** The content has another SHA-256 than the record says. */
    REFERENCE_HASH,
    /** The place does not answer, or with an error. */
    REFERENCE_UNREACHABLE,
    /** The content did not come in time. */
    REFERENCE_TIMEOUT
  }

  private final Reason reason;

  Unresolved(Reason reason, String message, Object... arguments) {
    super(arguments.length == 0 ? message : String.format(message, arguments));
    this.reason = Objects.requireNonNull(reason);
  }

  public Reason reason() {
    return reason;
  }
}
