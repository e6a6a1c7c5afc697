package etesian.ingest.kafka;

import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A file and the records that it is sent as.
 *
 * @param file where it lies
 * @param sha256 of the whole file
 * @param bytes length of the whole file
 * @param reference where the job finds it; empty when it travels itself
 * @param dataset its granule topic
 * @param pieces at least one, by valid time
 */
record Shipment(
    Path file,
    String sha256,
    long bytes,
    Optional<URI> reference,
    String dataset,
    List<Piece> pieces) {
  Shipment {
    pieces = List.copyOf(pieces);
  }

  boolean isSplit() {
    return pieces.get(0).isPart();
  }

  /**
   * One record.
   *
   * @param validAt the first valid time in it; empty when the file cannot be read
   * @param variables their names, joined by {@code +}, for the key
   * @param fields which of the file's fields; empty for the file as it is
   */
  record Piece(Optional<Instant> validAt, String variables, List<Integer> fields) {
    Piece {
      fields = List.copyOf(fields);
    }

    boolean isPart() {
      return !fields.isEmpty();
    }
  }
}
