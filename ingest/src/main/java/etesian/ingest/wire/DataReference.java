package etesian.ingest.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import etesian.ingest.field.Check;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * The claim check of a granule that is too large for a record, or is to stay where it lies: the <a
 * href="https://github.com/cloudevents/spec/blob/main/cloudevents/extensions/dataref.md">dataref</a>
 * extension of CloudEvents in the headers {@code ce_dataref}, {@code ce_id}, {@code ce_datalength}.
 * As it came: nothing in it has been checked.
 *
 * @param uri where the content lies
 * @param sha256 of the content, lower-case hexadecimal; empty when the headers do not say
 * @param length of the content in bytes, in decimal; empty when the headers do not say
 */
public record DataReference(String uri, String sha256, String length) {
  /** Header of {@link #uri}. */
  public static final String URI_HEADER = "ce_dataref";

  /** Header of {@link #sha256}: a granule is identified by its content. */
  public static final String SHA256_HEADER = "ce_id";

  /** Header of {@link #length}. */
  public static final String LENGTH_HEADER = "ce_datalength";

  public DataReference {
    Check.that(!uri.isEmpty(), "a reference needs a URI");
  }

  /** The reference in the headers of a record; empty without a {@code ce_dataref}. */
  public static Optional<DataReference> of(Headers headers) {
    String uri = text(headers, URI_HEADER);
    return uri.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new DataReference(uri, text(headers, SHA256_HEADER), text(headers, LENGTH_HEADER)));
  }

  /** Adds the reference as {@link #of} reads it. */
  public void addTo(Headers headers) {
    headers.add(URI_HEADER, uri.getBytes(UTF_8));
    headers.add(SHA256_HEADER, sha256.getBytes(UTF_8));
    headers.add(LENGTH_HEADER, length.getBytes(UTF_8));
  }

  private static String text(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null ? "" : new String(header.value(), UTF_8);
  }
}
