package etesian.ops.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** What follows the question mark. */
final class Query {
  private final Map<String, String> values = new HashMap<>();

  /**
   * @param raw as in the address; null when there is none
   * @throws IllegalArgumentException when it is not well-formed
   */
  Query(String raw) {
    if (raw == null) {
      return;
    }
    for (String pair : raw.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      values.put(
          URLDecoder.decode(parts[0], UTF_8),
          parts.length == 1 ? "" : URLDecoder.decode(parts[1], UTF_8));
    }
  }

  String text(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("'" + name + "' is missing");
    }
    return value;
  }

  int number(String name) {
    try {
      return Integer.parseInt(text(name));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + name + "' is not a whole number", e);
    }
  }

  Instant time(String name) {
    try {
      return Instant.parse(text(name));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "'" + name + "' is not a time such as 2026-01-31T06:00:00Z", e);
    }
  }

  SeriesKey series() {
    return new SeriesKey(text("stream"), text("variable"));
  }
}
