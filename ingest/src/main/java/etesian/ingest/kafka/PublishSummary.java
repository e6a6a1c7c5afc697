package etesian.ingest.kafka;

/**
 * What came of publishing.
 *
 * @param published files of which every record is acknowledged
 * @param records acknowledged
 * @param split those among the published files that were sent in parts
 * @param parts records that are part of a file
 * @param byReference records that only say where the file lies
 * @param skipped files whose content had been acknowledged before
 * @param skippedParts parts that had been acknowledged before, of files that had not
 * @param unreadable files sent although they cannot be read as NetCDF; they become dead letters
 * @param refused files that could not be sent
 * @param bytes of the values of acknowledged records
 */
public record PublishSummary(
    int published,
    int records,
    int split,
    int parts,
    int byReference,
    int skipped,
    int skippedParts,
    int unreadable,
    int refused,
    long bytes) {}
