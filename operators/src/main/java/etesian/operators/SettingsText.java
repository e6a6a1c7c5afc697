package etesian.operators;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Settings of a network as the header of its weights file has them: text by name, each name after
 * {@code architecture.}; that of the architecture itself is without a name.
 */
public final class SettingsText {
  private static final String ARCHITECTURE = "architecture";

  private final Map<String, String> metadata;

  /**
   * @param metadata a header to read
   */
  public SettingsText(Map<String, String> metadata) {
    this.metadata = metadata;
  }

  /** A header to write. */
  public SettingsText(String architecture) {
    metadata = new LinkedHashMap<>(Map.of(ARCHITECTURE, architecture));
  }

  private static String name(String key) {
    return ARCHITECTURE + "." + key;
  }

  /**
   * @param value a number, a text, a choice, whether, or a list of those
   */
  public SettingsText put(String key, Object value) {
    metadata.put(name(key), text(value));
    return this;
  }

  private static String text(Object value) {
    if (value instanceof Enum<?> choice) {
      return choice.name().toLowerCase(Locale.ROOT);
    }
    return value instanceof List<?> list
        ? list.stream().map(SettingsText::text).collect(Collectors.joining(","))
        : String.valueOf(value);
  }

  /** The header. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /**
   * @throws WeightsException it is missing, or none of these
   */
  public <E extends Enum<E>> E architecture(Class<E> type) {
    return read(ARCHITECTURE, "one of " + names(type), null, text -> of(type, text));
  }

  /**
   * @param expected for people
   * @param absent what a header without it means; null when it has to be there
   * @throws WeightsException it is missing, or {@code parse} refused it
   */
  public <T> T value(String key, String expected, T absent, Function<String, T> parse) {
    return read(name(key), expected, absent, parse);
  }

  private <T> T read(String name, String expected, T absent, Function<String, T> parse) {
    String text = metadata.get(name);
    if (text == null && absent != null) {
      return absent;
    } else if (text == null) {
      throw new WeightsException("metadata '" + name + "' is missing, expected " + expected);
    }
    try {
      return parse.apply(text.trim());
    } catch (IllegalArgumentException e) {
      throw new WeightsException(
          "metadata '" + name + "' is '" + text + "', expected " + expected, e);
    }
  }

  public int integer(String key) {
    return integer(key, null);
  }

  public int integer(String key, Integer absent) {
    return value(key, "a whole number", absent, Integer::valueOf);
  }

  public List<Integer> integers(String key) {
    return integers(key, null);
  }

  public List<Integer> integers(String key, List<Integer> absent) {
    return value(
        key,
        "whole numbers separated by commas",
        absent,
        text ->
            text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(",")).map(s -> Integer.valueOf(s.trim())).toList());
  }

  public boolean bool(String key, Boolean absent) {
    return value(key, "true or false", absent, SettingsText::bool);
  }

  /**
   * @throws IllegalArgumentException it is neither true nor false
   */
  public static boolean bool(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) { // Python writes True
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  public <E extends Enum<E>> E choice(String key, Class<E> type) {
    return choice(key, type, null);
  }

  public <E extends Enum<E>> E choice(String key, Class<E> type, E absent) {
    return value(key, "one of " + names(type), absent, text -> of(type, text));
  }

  private static <E extends Enum<E>> E of(Class<E> type, String text) {
    return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
  }

  /** All choices there are, for people. */
  public static <E extends Enum<E>> String names(Class<E> type) {
    return Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT);
  }
}
