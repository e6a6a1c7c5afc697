package etesian.pipeline.ensemble;

import static java.nio.charset.StandardCharsets.UTF_8;

import etesian.ingest.wire.Sha256;
import java.time.Instant;

/** Seeds that depend on what they are for, and on nothing else. */
final class Seeds {
  private static final int DIGITS = 16; // of 64 bits

  private Seeds() {}

  /** The first 64 bits of the SHA-256 of the parts, a line each. */
  static long of(long seed, String stream, String variable, Instant issueTime, int draw) {
    String text = String.format("%d\n%s\n%s\n%s\n%d", seed, stream, variable, issueTime, draw);
    return Long.parseUnsignedLong(Sha256.hex(text.getBytes(UTF_8)).substring(0, DIGITS), 16);
  }
}
