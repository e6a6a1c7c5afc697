package etesian.ingest.claim;

import etesian.ingest.claim.Roots.Allowed;
import etesian.ingest.claim.Unresolved.Reason;
import etesian.ingest.field.Check;
import etesian.ingest.wire.DataReference;
import etesian.ingest.wire.Sha256;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The contents that records refer to. Reads below the allowed roots only; never more than the limit
 * on size, nor longer than the limit on time, tries together; gives back what has the length and
 * the SHA-256 that the record says, and nothing else.
 */
public final class References {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  private final Roots roots;
  private final int maxBytes;
  private final WebContent web;

  /**
   * @param roots folders that may be read, made by {@link #root}; none allows nothing
   * @param maxBytes of a content
   * @param timeout for a content, all tries together; a hanging {@code file:} of a network file
   *     system is the operating system's to end
   */
  public References(List<URI> roots, int maxBytes, Duration timeout) {
    Check.that(maxBytes > 0, "the limit is positive, got %d bytes", maxBytes);
    this.roots = new Roots(roots);
    this.maxBytes = maxBytes;
    this.web = new WebContent(this.roots, timeout);
  }

  /**
   * A root as settings spell it: {@code file:///data/era5/}, {@code https://files.example/era5/}.
   *
   * @throws IllegalArgumentException saying what is expected
   */
  public static URI root(String text) {
    return Roots.parse(text);
  }

  /**
   * The content of a reference.
   *
   * @throws Unresolved for whatever is wrong with it
   * @throws InterruptedException when the thread is to end
   */
  public byte[] read(DataReference reference) throws Unresolved, InterruptedException {
    Allowed place = roots.allow(reference.uri());
    String sha256 = reference.sha256().toLowerCase(Locale.ROOT);
    if (!SHA256.matcher(sha256).matches()) {
      throw new Unresolved(
          Reason.REFERENCE_MALFORMED,
          "%s comes with ce_id '%s'; expected the SHA-256 of its content, 64 hexadecimal digits",
          reference.uri(),
          reference.sha256());
    }
    Bound bound = bound(reference);
    byte[] content =
        "file".equalsIgnoreCase(place.uri().getScheme())
            ? FileContent.read(place, bound)
            : web.read(place.uri(), bound);
    bound.checkLength(place.uri(), content.length);
    String found = Sha256.hex(content);
    if (!found.equals(sha256)) {
      throw new Unresolved(
          Reason.REFERENCE_HASH,
          "%s has the SHA-256 %s, the record says %s; the file has changed, publish it again",
          place.uri(),
          found,
          sha256);
    }
    return content;
  }

  private Bound bound(DataReference reference) throws Unresolved {
    if (reference.length().isEmpty()) {
      return new Bound(-1, maxBytes);
    }
    long length;
    try {
      length = Long.parseLong(reference.length());
    } catch (NumberFormatException e) {
      length = -1;
    }
    if (length < 0) {
      throw new Unresolved(
          Reason.REFERENCE_MALFORMED,
          "%s comes with ce_datalength '%s'; expected its length in bytes",
          reference.uri(),
          reference.length());
    }
    Bound bound = new Bound(length, maxBytes);
    bound.checkSize(reference.uri(), length);
    return bound;
  }
}
