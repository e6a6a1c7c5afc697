package etesian.ingest.kafka;

import etesian.ingest.field.Field;
import etesian.ingest.field.Origin;
import etesian.ingest.netcdf.GranuleReader;
import etesian.ingest.netcdf.Limits;
import etesian.ingest.netcdf.Refusal;
import etesian.ingest.wire.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A file in memory.
 *
 * @param length in bytes
 * @param sha256 of the bytes
 * @param bytes all of it; empty for a file that the reader would refuse for its length
 */
record SourceFile(Path file, long length, String sha256, byte[] bytes) {
  private static final byte[] TOO_MANY = {};

  static SourceFile read(Path file) throws IOException {
    long length = Files.size(file);
    if (length > Limits.DEFAULT.maxBytes()) {
      return new SourceFile(file, length, digest(file), TOO_MANY);
    }
    byte[] bytes = Files.readAllBytes(file);
    return new SourceFile(file, bytes.length, Sha256.hex(bytes), bytes);
  }

  /** Its fields in the order of the reader. */
  List<Field> fields(GranuleReader reader) throws Refusal {
    if (bytes.length < length) {
      throw new Refusal(
          Refusal.Reason.TOO_LARGE,
          String.format(
              "%s has %d bytes, the reader takes %d; split it by time, for instance with 'cdo"
                  + " splitmon' or 'ncks -d time,...'",
              file, length, Limits.DEFAULT.maxBytes()));
    }
    String name = Optional.ofNullable(file.getFileName()).orElse(file).toString();
    return reader.read(bytes, name, new Origin(sha256, file.toString())).fields();
  }

  private static String digest(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      DigestInputStream digest = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"));
      digest.transferTo(java.io.OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digest.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
