package etesian.ingest.kafka;

/**
 * @param published files that the broker acknowledged
 * @param skipped files whose content had been acknowledged before
 * @param unreadable those among the published that cannot be read as NetCDF
 * @param bytes published
 */
public record PublishSummary(int published, int skipped, int unreadable, long bytes) {}
