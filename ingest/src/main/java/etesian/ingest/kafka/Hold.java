package etesian.ingest.kafka;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The cargo of files whose parts take turns in a replay. Beyond a limit the one that was not used
 * for longest is let go and read again when its turn comes: files that follow each other in time
 * are read once, and many that overlap cost time, not memory.
 */
final class Hold {
  /** Reads a file once more. */
  @FunctionalInterface
  interface Loader {
    Cargo load(Shipment shipment) throws IOException;
  }

  private final long maxBytes;
  private final Loader loader;
  private final Map<Path, Cargo> held = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  Hold(long maxBytes, Loader loader) {
    this.maxBytes = maxBytes;
    this.loader = loader;
  }

  Cargo get(Shipment shipment) throws IOException {
    Cargo cargo = held.get(shipment.file());
    if (cargo == null) {
      cargo = loader.load(shipment);
      put(shipment, cargo);
    }
    return cargo;
  }

  void put(Shipment shipment, Cargo cargo) {
    Cargo before = held.put(shipment.file(), cargo);
    bytes += cargo.weight() - (before == null ? 0 : before.weight());
    Iterator<Map.Entry<Path, Cargo>> oldest = held.entrySet().iterator();
    while (bytes > maxBytes && held.size() > 1) {
      bytes -= oldest.next().getValue().weight();
      oldest.remove();
    }
  }

  void drop(Shipment shipment) {
    Cargo dropped = held.remove(shipment.file());
    bytes -= dropped == null ? 0 : dropped.weight();
  }
}
