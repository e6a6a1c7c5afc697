package etesian.ingest.supply;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Why a data store refuses: {@code {"type", "title", "detail", "traceback"}}, after RFC 9457.
 *
 * <p>Source: ecmwf-projects/cads-processing-api-service, {@code exceptions.py} and {@code
 * models.py}; {@code error_json_to_message} of ecmwf/ecmwf-datastores-client reads the same three.
 */
record Problem(String title, String detail, String traceback) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST = 4000;

  static Problem of(byte[] body) throws IOException {
    JsonNode problem;
    try {
      problem = JSON.readTree(body);
    } catch (JacksonException e) {
      return new Problem("", "", ""); // a page of a proxy
    }
    return new Problem(text(problem, "title"), text(problem, "detail"), text(problem, "traceback"));
  }

  private static String text(JsonNode problem, String name) {
    JsonNode value = problem.path(name);
    // Validation by the framework in front of the store sends lists here.
    String text = value.isMissingNode() || value.isNull() ? "" : value.asText("");
    text = text.isEmpty() && value.isContainerNode() ? value.toString() : text;
    return text.length() > LONGEST ? text.substring(text.length() - LONGEST) : text.strip();
  }

  boolean isAboutLicences() {
    return (title + detail).toLowerCase(Locale.ROOT).contains("licence");
  }

  /** All that is said, or {@code otherwise}. */
  String or(String otherwise) {
    List<String> said = new ArrayList<>(List.of(title, detail, traceback));
    said.removeIf(String::isBlank);
    return said.isEmpty() ? otherwise : String.join(": ", said);
  }
}
