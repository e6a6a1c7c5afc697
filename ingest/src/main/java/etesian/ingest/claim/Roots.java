package etesian.ingest.claim;

import etesian.ingest.claim.Unresolved.Reason;
import etesian.ingest.field.Check;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where references may point: folders by {@code file:}, {@code http:} or {@code https:}. Nothing is
 * allowed that is not below one of them by its spelling; symbolic links and redirects are judged
 * again where they lead.
 */
final class Roots {
  private static final Set<String> SCHEMES = Set.of("file", "http", "https");
  private static final Map<Pattern, String> CODES =
      Map.of(
          Pattern.compile("%25"), "%",
          Pattern.compile("%2[eE]"), ".",
          Pattern.compile("%2[fF]"), "/",
          Pattern.compile("%5[cC]"), Matcher.quoteReplacement("\\"),
          Pattern.compile("%00"), "\0",
          Pattern.compile("%3[bB]"), ";");

  private final List<URI> roots;

  Roots(List<URI> roots) {
    this.roots = List.copyOf(roots);
  }

  /**
   * A root as settings spell it.
   *
   * @throws IllegalArgumentException saying what is expected
   */
  static URI parse(String text) {
    URI uri;
    try {
      uri = new URI(text.endsWith("/") ? text : text + "/");
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("'" + text + "' is not a URI: " + e.getMessage(), e);
    }
    String scheme = scheme(uri);
    boolean hasHost = uri.getHost() != null;
    Check.that(
        SCHEMES.contains(scheme)
            && hasHost != scheme.equals("file")
            && uri.getRawPath() != null
            && uri.getRawPath().startsWith("/")
            && uri.getRawQuery() == null
            && uri.getRawFragment() == null
            && uri.getRawUserInfo() == null
            && !climbs(uri.getRawPath()),
        "'%s' is not the URI of a folder; expected for instance file:///data/era5/ or"
            + " https://files.example/era5/",
        text);
    return uri;
  }

  /**
   * The reference as a URI, and the root that it lies under.
   *
   * @throws Unresolved when it is none, or lies under no root
   */
  Allowed allow(String reference) throws Unresolved {
    URI uri;
    try {
      uri = new URI(reference);
    } catch (URISyntaxException e) {
      throw new Unresolved(
          Reason.REFERENCE_MALFORMED, "ce_dataref is not a URI: %s", e.getMessage());
    }
    if (!uri.isAbsolute() || uri.getRawPath() == null) {
      throw new Unresolved(
          Reason.REFERENCE_MALFORMED,
          "ce_dataref '%s' is not an absolute URI; expected file:///... or https://...",
          reference);
    }
    if (!SCHEMES.contains(scheme(uri))) {
      throw notAllowed(uri, "its scheme is none of file, http, https");
    }
    if (roots.isEmpty()) {
      throw notAllowed(uri, "no references are allowed");
    }
    if (climbs(uri.getRawPath())) {
      throw notAllowed(uri, "its path climbs out of its folder ('..')");
    }
    if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
      throw notAllowed(uri, "it carries a user or a fragment");
    }
    for (URI root : roots) {
      if (isUnder(root, uri)) {
        return new Allowed(uri, root);
      }
    }
    throw notAllowed(uri, "it lies under none of the allowed roots " + roots);
  }

  static Unresolved notAllowed(Object uri, String why) {
    return new Unresolved(
        Reason.REFERENCE_NOT_ALLOWED,
        "%s may not be read: %s; to allow it, name its folder in granules.references.roots",
        uri,
        why);
  }

  /** A URI and the root that allows it. */
  record Allowed(URI uri, URI root) {}

  private static boolean isUnder(URI root, URI uri) {
    return scheme(root).equals(scheme(uri))
        && host(root).equals(host(uri))
        && port(root) == port(uri)
        && uri.getRawPath().startsWith(root.getRawPath());
  }

  /**
   * Whether a step upwards hides in a path, however often it is encoded, or a character that some
   * server takes for a slash or an end.
   */
  private static boolean climbs(String rawPath) {
    String path = rawPath;
    String decoded = decodedOnce(path);
    while (!decoded.equals(path)) { // each round is shorter
      path = decoded;
      decoded = decodedOnce(path);
    }
    return path.indexOf('\\') >= 0
        || path.indexOf('\0') >= 0
        || Stream.of(path.split("/", -1)).anyMatch(Roots::isUpwards);
  }

  /** Only what could spell a step upwards. */
  private static String decodedOnce(String path) {
    String decoded = path;
    for (Map.Entry<Pattern, String> code : CODES.entrySet()) {
      decoded = code.getKey().matcher(decoded).replaceAll(code.getValue());
    }
    return decoded;
  }

  private static boolean isUpwards(String segment) {
    int parameters = segment.indexOf(';'); // '..;x' is '..' to some servers
    String name = parameters < 0 ? segment : segment.substring(0, parameters);
    return name.equals("..");
  }

  private static String scheme(URI uri) {
    return uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
  }

  private static String host(URI uri) {
    return uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return scheme(uri).equals("https") ? 443 : 80;
  }
}
