package etesian.ingest.kafka;

import java.nio.file.Path;

/** What a {@link Publisher} tells while it works; called on one thread at a time. */
public interface PublishListener {
  /** Listens to nothing. */
  PublishListener NONE = new PublishListener() {};

  /** Files that there are to send; once more for those that come while a folder is watched. */
  default void found(int files, long bytes) {}

  /** The valid times of a file are known; a replay needs those of all before the first record. */
  default void indexed(Path file) {}

  /** A file is sent as so many records instead of one. */
  default void split(Path file, int parts) {}

  /** The broker has acknowledged a record. */
  default void acknowledged(Path file, long bytes) {}

  /** The broker had acknowledged this part of a file before. */
  default void skippedPart(Path file) {}

  /** The broker has acknowledged all records of a file. */
  default void published(Path file, long bytes) {}

  /** The content of a file had been acknowledged before. */
  default void skipped(Path file, long bytes) {}

  /** A file is sent although it cannot be read as NetCDF: it will become a dead letter. */
  default void unreadable(Path file, String reason) {}

  /** A file cannot be sent; the others are. */
  default void refused(Path file, String reason) {}
}
