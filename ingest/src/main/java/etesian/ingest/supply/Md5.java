package etesian.ingest.supply;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The {@code file:checksum} of a data store against the bytes that came.
 *
 * <p>The stores make it from the entity tag of their object storage, as a hexadecimal number
 * without leading zeros (cacholib, {@code extra_encoders.py}; s3fs, {@code _checksum}). That tag is
 * the MD5 of the content, unless the object was stored in parts: then the tag ends in {@code -N},
 * is a digest of digests, and says nothing that could be checked here.
 */
final class Md5 {
  private static final String NUMBER = "[0-9a-f]{1,32}";
  private static final String OF_PARTS = "\"[0-9a-f]{32}-\\d+\"";

  private Md5() {}

  /**
   * Whether the content is certainly not what was announced.
   *
   * @param announced {@code file:checksum}
   * @param etag of the answer that brought the file; may be empty
   */
  static boolean contradicts(Path file, String announced, String etag) throws IOException {
    if (!announced.matches(NUMBER) || etag.matches(OF_PARTS)) {
      return false; // not an MD5 of the content
    }
    String found = of(file);
    return !number(found).equals(number(announced)) && !etag.equals("\"" + found + "\"");
  }

  static String of(Path file) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static BigInteger number(String hex) {
    return new BigInteger(hex, 16);
  }
}
