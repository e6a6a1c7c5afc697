package etesian.ingest.claim;

import etesian.ingest.claim.Unresolved.Reason;

/**
 * How long a content may be, and has to be.
 *
 * @param length that the record says; negative when it does not say
 * @param maxBytes that the settings allow
 */
record Bound(long length, int maxBytes) {

  /** Refuses a length, found or announced, beyond the limit. */
  void checkSize(Object uri, long found) throws Unresolved {
    if (found > maxBytes) {
      throw new Unresolved(
          Reason.REFERENCE_TOO_LARGE,
          "%s has %d bytes or more, %d are allowed; split the file, or raise"
              + " granules.references.max_bytes",
          uri,
          found,
          maxBytes);
    }
  }

  /** Refuses a length that is not the one the record says. */
  void checkLength(Object uri, long found) throws Unresolved {
    if (length >= 0 && found != length) {
      throw new Unresolved(
          Reason.REFERENCE_LENGTH,
          "%s has %d bytes, the record says %d; the file has changed or is not complete, publish it"
              + " again",
          uri,
          found,
          length);
    }
  }
}
