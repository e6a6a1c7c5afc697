package etesian.ingest.kafka;

import java.nio.file.Path;

/** What a {@link Publisher} tells while it works; called on one thread at a time. */
public interface PublishListener {
  /** Listens to nothing. */
  PublishListener NONE = new PublishListener() {};

  /** Before the first file: how much there is to do. */
  default void found(int files, long bytes) {}

  /** The broker has acknowledged a file. */
  default void published(Path file, long bytes) {}

  /** The content of a file had been acknowledged before. */
  default void skipped(Path file, long bytes) {}

  /** A file is sent although it cannot be read as NetCDF: it will become a dead letter. */
  default void unreadable(Path file, String reason) {}
}
