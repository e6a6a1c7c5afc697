package etesian.ingest.supply;

/**
 * What a fetch did.
 *
 * @param fetched files that are new or changed
 * @param unchanged files that were here already
 * @param failed files that are not to be had; the listener was told why
 * @param bytes of the files that were fetched
 */
public record FetchSummary(int fetched, int unchanged, int failed, long bytes) {
  /** Whether everything is here. */
  public boolean complete() {
    return failed == 0;
  }
}
