package etesian.ingest.supply;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a server says of a file, kept beside it as {@code .NAME.fetched}: by it a changed file is
 * told from an unchanged one, and the rest of a file from the rest of another.
 *
 * @param url where it came from
 * @param etag empty when the server gives none
 * @param lastModified as the server writes it; empty when it gives none
 * @param length in bytes, −1 when the server does not say
 */
record Stamp(String url, String etag, String lastModified, long length) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static Stamp of(URI source, HttpHeaders headers, long length) {
    return new Stamp(
        source.toString(),
        headers.firstValue("ETag").orElse(""),
        headers.firstValue("Last-Modified").orElse(""),
        length);
  }

  /** Where the stamp of a file lies. */
  static Path beside(Path file) {
    return file.resolveSibling("." + file.getFileName() + ".fetched");
  }

  /** Empty when there is none or it cannot be read: then the file is fetched anew. */
  static Optional<Stamp> read(Path file) throws IOException {
    try {
      return Optional.of(JSON.readValue(Files.readAllBytes(beside(file)), Stamp.class));
    } catch (NoSuchFileException | JacksonException e) {
      return Optional.empty();
    }
  }

  void write(Path file) throws IOException {
    Files.write(beside(file), JSON.writeValueAsBytes(this));
  }

  /**
   * What {@code If-Range} may hold (RFC 9110, 13.1.5): a strong entity tag, else the date; empty
   * when the rest of the file could be the rest of another.
   */
  Optional<String> forRest() {
    if (etag.startsWith("\"")) {
      return Optional.of(etag);
    }
    return lastModified.isEmpty() ? Optional.empty() : Optional.of(lastModified);
  }

  /** Whether both are of the same content, as far as the server tells. */
  boolean sameContent(Stamp other) {
    if (!etag.isEmpty() && !other.etag.isEmpty()) {
      return etag.equals(other.etag);
    }
    return !lastModified.isEmpty()
        && lastModified.equals(other.lastModified)
        && length == other.length;
  }
}
