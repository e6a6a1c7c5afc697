package etesian.pipeline.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import etesian.ingest.field.Check;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.text.similarity.LevenshteinDistance;

/**
 * Reads settings by name and collects what is wrong: missing, malformed, unknown and contradictory
 * keys are reported together by {@link #finish}. A text {@code ${env:NAME}} is replaced by the
 * environment variable, so that secrets stay out of the file.
 */
public final class SettingsReader {
  private static final Pattern ENVIRONMENT = Pattern.compile("\\$\\{env:([A-Za-z0-9_]+)}");

  private final JsonNode node;
  private final String prefix;
  private final List<String> problems;
  private final Function<String, String> environment;
  private final Set<String> known = new TreeSet<>();
  private final List<SettingsReader> children = new ArrayList<>();

  private SettingsReader(
      JsonNode node, String prefix, List<String> problems, Function<String, String> environment) {
    this.node = node;
    this.prefix = prefix;
    this.problems = problems;
    this.environment = environment;
  }

  /**
   * @param yaml the text of the file
   * @param environment how to look a variable up, {@code System::getenv}
   * @throws SettingsException when it is not YAML
   */
  public static SettingsReader of(String yaml, Function<String, String> environment) {
    try {
      JsonNode root = new YAMLMapper().readTree(yaml);
      SettingsReader reader = new SettingsReader(root, "", new ArrayList<>(), environment);
      if (!isAbsent(root)) {
        reader.isMapping(root, "the file");
      }
      return reader;
    } catch (IOException e) {
      throw new SettingsException(List.of("not YAML: " + e.getMessage()));
    }
  }

  /** Whether a key is there and has a value. */
  public boolean has(String key) {
    return !isAbsent(at(key));
  }

  public String text(String key, String otherwise) {
    return value(key, otherwise, text -> text);
  }

  /** A whole number above 0. */
  public int positive(String key, int otherwise) {
    return value(key, otherwise, SettingsReader::parsePositive);
  }

  /** A whole number above 0; 0 when there is none, which is a problem. */
  public int positive(String key) {
    Integer value = value(key, null, SettingsReader::parsePositive);
    return value == null ? 0 : value;
  }

  private static int parsePositive(String text) {
    int value = Integer.parseInt(text);
    Check.that(value > 0, "must be positive, got %d", value);
    return value;
  }

  public double number(String key) {
    Double value = value(key, null, Double::parseDouble);
    return value == null ? Double.NaN : value;
  }

  /** ISO 8601, {@code PT10S}. */
  public Duration duration(String key, Duration otherwise) {
    return value(key, otherwise, Duration::parse);
  }

  /** ISO 8601 in UTC, {@code 2020-01-01T00:00:00Z} or {@code 2020-01-01}. */
  public Instant instant(String key, Instant otherwise) {
    return value(key, otherwise, t -> Instant.parse(t.length() == 10 ? t + "T00:00:00Z" : t));
  }

  /** A text that a function turns into something; its message is the problem when it throws. */
  public <T> T value(String key, T otherwise, Function<String, T> parse) {
    JsonNode found = at(key);
    if (isAbsent(found)) {
      if (otherwise == null) {
        problems.add(prefix + key + ": missing");
      }
      return otherwise;
    }
    return parsed(found, key, parse).orElse(otherwise);
  }

  /** Empty when it is no single value or cannot be parsed, which is a problem then. */
  private <T> Optional<T> parsed(JsonNode found, String key, Function<String, T> parse) {
    if (found.isContainerNode()) {
      problems.add(prefix + key + ": expected one value, got " + found);
      return Optional.empty();
    }
    try {
      return Optional.of(parse.apply(resolve(found.asText())));
    } catch (DateTimeParseException e) {
      problems.add(prefix + key + ": '" + found.asText() + "' is not ISO 8601 (PT6H, 2020-01-01)");
    } catch (NumberFormatException e) {
      problems.add(prefix + key + ": '" + found.asText() + "' is not a number");
    } catch (IllegalArgumentException | ArithmeticException e) {
      problems.add(prefix + key + ": " + e.getMessage());
    }
    return Optional.empty();
  }

  /** A list of whole numbers. */
  public List<Integer> integers(String key, List<Integer> otherwise) {
    JsonNode found = at(key);
    if (isAbsent(found)) {
      return otherwise;
    }
    if (!found.isArray()) {
      problems.add(prefix + key + ": expected a list of whole numbers, [1, 2], got " + found);
      return otherwise;
    }
    List<Integer> values = new ArrayList<>();
    for (JsonNode element : found) {
      if (element.canConvertToInt()) {
        values.add(element.asInt());
      } else {
        problems.add(prefix + key + ": " + element + " is not a whole number");
      }
    }
    return values;
  }

  /** A list of texts, each turned into something as by {@link #value}. */
  public <T> List<T> texts(String key, List<T> otherwise, Function<String, T> parse) {
    JsonNode found = at(key);
    if (isAbsent(found)) {
      return otherwise;
    }
    if (!found.isArray()) {
      problems.add(prefix + key + ": expected a list, [a, b], got " + found);
      return otherwise;
    }
    List<T> values = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      parsed(found.get(i), key + "[" + i + "]", parse).ifPresent(values::add);
    }
    return values;
  }

  /** The entries of a section whose keys are not ours, for instance Kafka's own properties. */
  public Map<String, String> entries(String key) {
    Map<String, String> entries = new LinkedHashMap<>();
    JsonNode found = at(key);
    if (isAbsent(found) || !isMapping(found, prefix + key)) {
      return entries;
    }
    Iterator<Map.Entry<String, JsonNode>> fields = found.fields();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> entry = fields.next();
      if (entry.getValue().isContainerNode()) {
        problems.add(prefix + key + "." + entry.getKey() + ": expected one value");
      } else {
        entries.put(entry.getKey(), resolve(entry.getValue().asText()));
      }
    }
    return entries;
  }

  /** A section; empty when it is absent. */
  public Optional<SettingsReader> section(String key) {
    JsonNode found = at(key);
    return isAbsent(found) ? Optional.empty() : child(found, prefix + key);
  }

  /** The elements of a list of sections, of which there is at least one. */
  public List<SettingsReader> sections(String key) {
    List<SettingsReader> sections = new ArrayList<>();
    JsonNode found = at(key);
    if (!found.isArray() || found.isEmpty()) {
      problems.add(prefix + key + ": expected a list, '- name: ...', of at least one");
      return sections;
    }
    for (int i = 0; i < found.size(); i++) {
      child(found.get(i), prefix + key + "[" + i + "]").ifPresent(sections::add);
    }
    return sections;
  }

  private Optional<SettingsReader> child(JsonNode found, String path) {
    if (!isMapping(found, path)) {
      return Optional.empty();
    }
    SettingsReader child = new SettingsReader(found, path + ".", problems, environment);
    children.add(child);
    return Optional.of(child);
  }

  private boolean isMapping(JsonNode found, String path) {
    if (!found.isObject()) {
      problems.add(path + ": expected a section, 'key: value', got " + found.getNodeType());
    }
    return found.isObject();
  }

  private static boolean isAbsent(JsonNode found) {
    return found.isMissingNode() || found.isNull();
  }

  /** Adds a problem unless the condition holds. */
  public void check(boolean holds, String key, String message, Object... arguments) {
    if (!holds) {
      problems.add(prefix + key + ": " + String.format(message, arguments));
    }
  }

  /**
   * @throws SettingsException with all problems, unknown keys among them
   */
  public void finish() {
    reportUnknownKeys();
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
  }

  private void reportUnknownKeys() {
    node.fieldNames()
        .forEachRemaining(
            key -> {
              if (!known.contains(key)) {
                problems.add(prefix + key + ": unknown" + suggestion(key));
              }
            });
    children.forEach(SettingsReader::reportUnknownKeys);
  }

  private String suggestion(String key) {
    LevenshteinDistance distance = new LevenshteinDistance(3);
    return known.stream()
        .filter(candidate -> distance.apply(key.toLowerCase(Locale.ROOT), candidate) >= 0)
        .min(Comparator.comparing(candidate -> distance.apply(key, candidate)))
        .map(nearest -> "; did you mean '" + nearest + "'?")
        .orElse("; valid here: " + String.join(", ", known));
  }

  private JsonNode at(String key) {
    known.add(key);
    JsonNode found = node.get(key);
    return found == null ? MissingNode.getInstance() : found;
  }

  private String resolve(String text) {
    Matcher matcher = ENVIRONMENT.matcher(text);
    return matcher.replaceAll(
        match -> {
          String value = environment.apply(match.group(1));
          if (value == null) {
            problems.add("environment variable " + match.group(1) + " is not set");
            return "";
          }
          return Matcher.quoteReplacement(value);
        });
  }
}
