package etesian.pipeline.settings;

import etesian.ingest.claim.References;
import etesian.ingest.netcdf.Limits;
import java.io.Serializable;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * Which files a granule may refer to instead of bringing its own ({@code ce_dataref}).
 *
 * @param roots folders that may be read, each a URI that ends with a slash; none allows nothing
 * @param maxBytes of a file
 * @param timeout for a file, all tries together; the stream of the dataset waits as long
 */
public record ReferenceSettings(List<URI> roots, int maxBytes, Duration timeout)
    implements Serializable {
  /** Allows nothing; what it would allow is limited to 512 MiB and one minute a file. */
  public static final ReferenceSettings NONE =
      new ReferenceSettings(List.of(), 512 << 20, Duration.ofMinutes(1));

  public ReferenceSettings {
    roots = List.copyOf(roots);
  }

  static ReferenceSettings read(SettingsReader in) {
    Duration timeout = in.duration("timeout", NONE.timeout());
    in.check(
        !timeout.isNegative() && !timeout.isZero(), "timeout", "must be positive, got %s", timeout);
    int maxBytes = in.positive("max_bytes", NONE.maxBytes());
    in.check(
        maxBytes <= Limits.DEFAULT.maxBytes(),
        "max_bytes",
        "the reader takes files up to %d bytes, got %d",
        Limits.DEFAULT.maxBytes(),
        maxBytes);
    List<URI> roots = in.texts("roots", List.of(), References::root);
    return new ReferenceSettings(roots, maxBytes, timeout);
  }
}
