package etesian.ingest.kafka;

/** What a file is sent as. */
public sealed interface Form {
  /**
   * Byte for byte in one record; a file beyond the record limit, or one with many times that is
   * replayed, as parts.
   */
  Form WHOLE = new Whole();

  /** A record for each valid time, also where the file would fit into one. */
  Form SPLIT = new Split();

  /** See {@link #WHOLE}. */
  record Whole() implements Form {}

  /** See {@link #SPLIT}. */
  record Split() implements Form {}

  /**
   * A claim check: a record without value that says where the file lies.
   *
   * @param locations where the job finds the files
   */
  record ByReference(Locations locations) implements Form {}
}
