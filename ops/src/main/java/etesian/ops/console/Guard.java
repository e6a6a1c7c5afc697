package etesian.ops.console;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Whom the console answers, and what a browser may do with the answer.
 *
 * <ul>
 *   <li>Only {@code GET} and {@code HEAD}: nothing can be changed.
 *   <li>Only a {@code Host} that is an address, {@code localhost} or a name from the settings. A
 *       page of another site can point its own name at 127.0.0.1 and then read what the browser
 *       takes for its own (DNS rebinding); it cannot make the browser send another {@code Host}.
 *   <li>The page loads from here alone and is framed by nobody.
 * </ul>
 */
final class Guard extends Filter {
  private static final Pattern ADDRESS =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]+]");

  private final Set<String> names = new TreeSet<>(Set.of("localhost"));

  Guard(Collection<String> names) {
    names.forEach(name -> this.names.add(name.toLowerCase(Locale.ROOT)));
  }

  @Override
  public String description() {
    return "read-only, for known hosts";
  }

  @Override
  public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
    protect(exchange.getResponseHeaders());
    String method = exchange.getRequestMethod();
    String host = exchange.getRequestHeaders().getFirst("Host");
    if (!isKnown(host)) {
      refuse(
          exchange,
          Response.problem(
              421, "host '" + host + "' is not known here; allow it with --allow-host"));
    } else if (!method.equals("GET") && !method.equals("HEAD")) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      refuse(exchange, Response.problem(405, method + " is not allowed; the console only shows"));
    } else {
      chain.doFilter(exchange);
    }
  }

  private boolean isKnown(String host) {
    return Optional.ofNullable(host)
        .map(h -> h.toLowerCase(Locale.ROOT).replaceFirst(":\\d{1,5}$", ""))
        .filter(h -> names.contains(h) || ADDRESS.matcher(h).matches())
        .isPresent();
  }

  private static void refuse(HttpExchange exchange, Response response) throws IOException {
    try (exchange) {
      Routes.send(exchange, response);
    }
  }

  private static void protect(Headers headers) {
    headers.set(
        "Content-Security-Policy",
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
            + " form-action 'none'; frame-ancestors 'none'");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("X-Frame-Options", "DENY");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
    headers.set("Cache-Control", "no-store");
  }
}
