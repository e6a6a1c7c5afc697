package etesian.ingest.supply;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.UntypedObjectDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import etesian.ingest.field.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is asked of a data store.
 *
 * @param dataset such as {@code reanalysis-era5-single-levels}
 * @param inputs as the download form of the dataset shows them
 * @param added {@code NAME: VALUE} of what was not in the request: {@code data_format: netcdf} and
 *     {@code download_format: unarchived}
 */
public record DataRequest(String dataset, Map<String, Object> inputs, List<String> added) {
  private static final List<Map.Entry<String, String>> WANTED =
      List.of(Map.entry("data_format", "netcdf"), Map.entry("download_format", "unarchived"));

  private static final ObjectMapper YAML =
      YAMLMapper.builder()
          .addModule(new SimpleModule().addDeserializer(Object.class, new AsWritten()))
          .build();

  public DataRequest {
    Check.that(
        dataset.matches("[A-Za-z0-9][A-Za-z0-9._-]*"),
        "'%s' is no name of a dataset; the address of its page ends in the name",
        dataset);
    inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    added = List.copyOf(added);
  }

  /** A request for plain NetCDF, unless its inputs say otherwise; else as given. */
  public static DataRequest of(String dataset, Map<String, Object> inputs) {
    Map<String, Object> complete = new LinkedHashMap<>(inputs);
    List<String> added = new ArrayList<>();
    for (Map.Entry<String, String> wanted : WANTED) {
      // Older requests say "format"; the store refuses both at once.
      boolean older = wanted.getKey().equals("data_format") && inputs.containsKey("format");
      if (!older && complete.putIfAbsent(wanted.getKey(), wanted.getValue()) == null) {
        added.add(wanted.getKey() + ": " + wanted.getValue());
      }
    }
    return new DataRequest(dataset, complete, added);
  }

  /**
   * A file of JSON or YAML:
   *
   * <pre>
   * dataset: reanalysis-era5-single-levels
   * request:            # or inputs:
   *   product_type: [reanalysis]
   *   variable: [2m_temperature]
   *   year: ['2024']
   *   …
   * </pre>
   *
   * @throws SupplyException when it is neither, or lacks one of the two
   */
  public static DataRequest read(Path file) throws IOException {
    // JSON has its own reader: nearly all of it is YAML, tabs are not.
    byte[] bytes = Files.readAllBytes(file);
    ObjectMapper mapper = looksLikeJson(bytes) ? new ObjectMapper() : YAML;
    Map<String, Object> content;
    try {
      content = mapper.readValue(bytes, new TypeReference<LinkedHashMap<String, Object>>() {});
    } catch (JacksonException e) {
      throw new SupplyException(
          "%s is neither JSON nor YAML of a request: %s".formatted(file, e.getOriginalMessage()),
          e);
    }
    Object inputs = content == null ? null : content.get("request");
    if (content != null && inputs == null) {
      inputs = content.get("inputs");
    }
    if (!(inputs instanceof Map<?, ?> map) || !(content.get("dataset") instanceof String dataset)) {
      throw new SupplyException(
          file
              + " needs 'dataset:' with the name of a dataset and 'request:' with what its download"
              + " form shows under \"Show API request\"");
    }
    Map<String, Object> named = new LinkedHashMap<>();
    map.forEach((name, value) -> named.put(String.valueOf(name), value));
    try {
      return of(dataset, named);
    } catch (IllegalArgumentException e) {
      throw new SupplyException(file + ": " + e.getMessage(), e);
    }
  }

  private static boolean looksLikeJson(byte[] bytes) {
    for (byte b : bytes) {
      if (!Character.isWhitespace(b)) {
        return b == '{';
      }
    }
    return false;
  }

  /** {@code month: [01]} means the text 01, as the stores want it, and not the number 1. */
  private static final class AsWritten extends UntypedObjectDeserializer {
    private static final long serialVersionUID = 1L;

    AsWritten() {
      super(null, (JavaType) null);
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return parser.currentToken() == JsonToken.VALUE_NUMBER_INT
              && parser.getText().matches("0\\d+")
          ? parser.getText()
          : super.deserialize(parser, context);
    }
  }
}
