package etesian.ingest.supply;

import java.net.URI;
import java.util.Locale;

/** Scheme, host and port: who is asked. */
final class Origin {
  private Origin() {}

  static boolean same(URI one, URI other) {
    return of(one).equals(of(other));
  }

  private static String of(URI uri) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    int usual = scheme.equals("https") ? 443 : 80;
    return "%s://%s:%d"
        .formatted(
            scheme,
            String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT),
            uri.getPort() < 0 ? usual : uri.getPort());
  }
}
