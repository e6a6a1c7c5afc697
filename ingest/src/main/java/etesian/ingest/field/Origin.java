package etesian.ingest.field;

/**
 * Where a field came from, so that every forecast can be traced.
 *
 * @param sha256 SHA-256 of the granule's bytes, lower-case hexadecimal
 * @param location {@code topic/partition@offset}, or a path before it was published
 */
public record Origin(String sha256, String location) {}
