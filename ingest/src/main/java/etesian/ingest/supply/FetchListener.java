package etesian.ingest.supply;

import java.nio.file.Path;

/** What is told while files are fetched; a text is one line, and never holds a key. */
public interface FetchListener {
  /** Hears nothing. */
  FetchListener NONE = new FetchListener() {};

  /** Where things stand: queued, running, trying again. */
  default void status(String text) {}

  /**
   * @param name of the file
   * @param bytes that are here
   * @param total in the end, −1 when the server does not say
   */
  default void progress(String name, long bytes, long total) {}

  /** The file is here, complete. */
  default void fetched(Path file, long bytes) {}

  /** The file was here already, and the server has no other. */
  default void unchanged(Path file) {}

  /** This file is not to be had; the others are tried all the same. */
  default void failed(String name, String reason) {}
}
