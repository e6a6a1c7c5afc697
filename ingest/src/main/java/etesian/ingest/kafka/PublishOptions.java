package etesian.ingest.kafka;

import etesian.ingest.field.Check;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How files are published.
 *
 * @param dataset the granule topic for all files; when empty, chosen by each file's variables:
 *     {@code sst} goes to {@code sst}, all else to {@code era5}
 * @param filesPerSecond no faster than this; 0 for as fast as the broker takes them
 * @param ledger where acknowledged contents are noted, so that a second call goes on where the
 *     first ended; when empty, everything is sent
 */
public record PublishOptions(
    Optional<String> dataset, double filesPerSecond, Optional<Path> ledger) {
  public PublishOptions {
    Check.that(
        filesPerSecond >= 0 && Double.isFinite(filesPerSecond),
        "a rate is 0 (unlimited) or positive files per second, got %s",
        filesPerSecond);
  }

  /** Every file, by its variables, as fast as possible. */
  public static PublishOptions everything() {
    return new PublishOptions(Optional.empty(), 0, Optional.empty());
  }
}
