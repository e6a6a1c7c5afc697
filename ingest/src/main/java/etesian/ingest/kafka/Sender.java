package etesian.ingest.kafka;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Records on their way to the broker, and what came of them. Acknowledgements come on the
 * producer's thread; the ledger gets a line for each.
 */
final class Sender {
  /** What of a file is still to be acknowledged. */
  private static final class Open {
    private int records;
    private long bytes;

    private Open(int records) {
      this.records = records;
    }
  }

  private final Producer<byte[], byte[]> producer;
  private final Optional<PublishLedger> ledger;
  private final PublishListener listener;
  private final Object lock = new Object();
  private final Set<String> underway = new HashSet<>();
  private final IdentityHashMap<Shipment, Open> open = new IdentityHashMap<>();
  private int published;
  private int records;
  private int split;
  private int parts;
  private int byReference;
  private int skipped;
  private int skippedParts;
  private int unreadable;
  private int refused;
  private long bytesAcknowledged;
  private IOException failure;

  /**
   * @param ledger empty to send everything, however often
   */
  Sender(
      Producer<byte[], byte[]> producer, Optional<PublishLedger> ledger, PublishListener listener) {
    this.producer = producer;
    this.ledger = ledger;
    this.listener = listener;
  }

  void found(int files, long bytes) {
    synchronized (lock) {
      listener.found(files, bytes);
    }
  }

  void indexed(Path file) {
    synchronized (lock) {
      listener.indexed(file);
    }
  }

  /** Whether the broker has this content, or is about to get it. */
  private boolean knows(String sha256) {
    return ledger.isPresent() && (ledger.get().contains(sha256) || underway.contains(sha256));
  }

  /** Whether a file need not be sent; counts it. */
  boolean skips(SourceFile source) {
    synchronized (lock) {
      if (!knows(source.sha256())) {
        return false;
      }
      skipped++;
      listener.skipped(source.file(), source.length());
      return true;
    }
  }

  void unreadable(Path file, String reason) {
    synchronized (lock) {
      unreadable++;
      listener.unreadable(file, reason);
    }
  }

  void refused(Path file, String reason) {
    synchronized (lock) {
      refused++;
      listener.refused(file, reason);
    }
  }

  /** Before the first record of a file. */
  void begin(Shipment shipment) {
    synchronized (lock) {
      underway.add(shipment.sha256());
      open.put(shipment, new Open(shipment.pieces().size()));
      if (shipment.isSplit()) {
        listener.split(shipment.file(), shipment.pieces().size());
      }
    }
  }

  /** Whether a part need not be sent; counts it. */
  boolean skipsPart(Shipment shipment, String sha256) {
    synchronized (lock) {
      if (!knows(sha256)) {
        underway.add(sha256);
        return false;
      }
      skippedParts++;
      listener.skippedPart(shipment.file());
      settle(shipment, 0);
      return true;
    }
  }

  /**
   * Hands a record to the producer.
   *
   * @param sha256 of the content
   * @throws IOException when an earlier one has failed
   */
  void send(
      Shipment shipment, Shipment.Piece piece, String sha256, ProducerRecord<byte[], byte[]> record)
      throws IOException {
    long bytes = record.value() == null ? 0 : record.value().length;
    boolean isReference = record.value() == null;
    var unused =
        producer.send(
            record,
            (metadata, exception) -> {
              synchronized (lock) {
                if (exception != null) {
                  failed(shipment.file(), exception);
                } else {
                  byReference += isReference ? 1 : 0;
                  acknowledged(shipment, piece, sha256, bytes);
                }
              }
            });
    throwFailure();
  }

  private void acknowledged(Shipment shipment, Shipment.Piece piece, String sha256, long bytes) {
    records++;
    bytesAcknowledged += bytes;
    if (piece.isPart()) {
      parts++;
      note(sha256, shipment.file() + "#" + piece.validAt().orElseThrow(), shipment.file());
    }
    listener.acknowledged(shipment.file(), bytes);
    settle(shipment, bytes);
  }

  private void settle(Shipment shipment, long bytes) {
    Open rest = open.get(shipment);
    rest.bytes += bytes;
    if (--rest.records > 0) {
      return;
    }
    open.remove(shipment);
    note(shipment.sha256(), shipment.file().toString(), shipment.file());
    published++;
    split += shipment.isSplit() ? 1 : 0;
    listener.published(shipment.file(), rest.bytes);
  }

  private void note(String sha256, String name, Path file) {
    try {
      if (ledger.isPresent()) {
        ledger.get().add(sha256, name);
      }
    } catch (IOException e) {
      failed(file, e);
    }
  }

  private void failed(Path file, Exception cause) {
    if (failure == null) {
      failure =
          new IOException(
              String.format(
                  "%s was not published: %s; with a ledger a second call goes on from here",
                  file, cause.getMessage()),
              cause);
    }
  }

  void throwFailure() throws IOException {
    synchronized (lock) {
      if (failure != null) {
        throw failure;
      }
    }
  }

  /** Waits until everything is acknowledged. */
  PublishSummary finish() throws IOException {
    producer.flush();
    throwFailure();
    synchronized (lock) {
      return new PublishSummary(
          published,
          records,
          split,
          parts,
          byReference,
          skipped,
          skippedParts,
          unreadable,
          refused,
          bytesAcknowledged);
    }
  }
}
