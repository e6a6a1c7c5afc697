package etesian.pipeline.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Variable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The documents {@code zarr.json}, after the Zarr core specification 3.0; consolidated metadata as
 * zarr-python 3 writes them, inline in the document of a group with the paths below it as keys.
 */
final class ZarrMetadata {
  static final String NAME = "zarr.json";

  /** Issues in a chunk of a coordinate: few files, and few bytes to write anew for an issue. */
  static final int ROWS_A_CHUNK = 512;

  /** The same for {@code valid_time}, whose rows are long. */
  static final int LONG_ROWS_A_CHUNK = 64;

  static final int SHA256_BYTES = 32;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final ObjectWriter WRITER = MAPPER.writerWithDefaultPrettyPrinter();
  private static final String CONSOLIDATED = "consolidated_metadata";
  private static final String MILLISECONDS = "milliseconds since 1970-01-01 00:00:00";
  private static final String CALENDAR = "proleptic_gregorian";

  private ZarrMetadata() {}

  static byte[] bytes(ObjectNode document) {
    try {
      return WRITER.writeValueAsBytes(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // not with nodes of our own
    }
  }

  static ObjectNode parse(byte[] bytes) throws IOException {
    return (ObjectNode) MAPPER.readTree(bytes);
  }

  /** The arrays of a stream by name, for so many issues. */
  static Map<String, ObjectNode> arrays(Issue newest, int issues, int leadsAChunk) {
    Grid grid = newest.grid();
    int leads = newest.validTimes().size();
    Map<String, ObjectNode> arrays = new LinkedHashMap<>();
    for (ValueArray array : ValueArray.of(newest)) {
      arrays.put(array.name(), values(newest, array, issues, leadsAChunk));
    }
    arrays.put(
        "issue_time",
        array("int64", List.of("issue_time"), List.of(issues), List.of(ROWS_A_CHUNK))
            .set(
                "attributes",
                attributes(
                    "standard_name",
                    "forecast_reference_time",
                    "long_name",
                    "time of the newest input",
                    "units",
                    MILLISECONDS,
                    "calendar",
                    CALENDAR)));
    arrays.put(
        "lead",
        array("int32", List.of("lead"), List.of(leads), List.of(leads))
            .set(
                "attributes",
                attributes(
                    "long_name", "number of steps of the stream since the newest input",
                    "units", "1")));
    arrays.put(
        "valid_time",
        array(
                "int64",
                List.of("issue_time", "lead"),
                List.of(issues, leads),
                List.of(LONG_ROWS_A_CHUNK, leads))
            .set(
                "attributes",
                attributes(
                    "standard_name",
                    "time",
                    "long_name",
                    "time that the values are for",
                    "units",
                    MILLISECONDS,
                    "calendar",
                    CALENDAR)));
    arrays.put(
        "revision",
        array("int32", List.of("issue_time"), List.of(issues), List.of(ROWS_A_CHUNK))
            .set(
                "attributes",
                attributes("long_name", "0 for the first issue, counts up", "units", "1")));
    arrays.put(
        "weights_sha256",
        array(
                "uint8",
                List.of("issue_time", "sha256_byte"),
                List.of(issues, SHA256_BYTES),
                List.of(ROWS_A_CHUNK, SHA256_BYTES))
            .set("attributes", attributes("long_name", "SHA-256 of the weights file")));
    arrays.put(
        "latitude",
        array("float64", List.of("latitude"), List.of(grid.rows()), List.of(grid.rows()))
            .set(
                "attributes",
                attributes("standard_name", "latitude", "units", "degrees_north", "axis", "Y")));
    arrays.put(
        "longitude",
        array("float64", List.of("longitude"), List.of(grid.columns()), List.of(grid.columns()))
            .set(
                "attributes",
                attributes("standard_name", "longitude", "units", "degrees_east", "axis", "X")));
    if (newest.ensemble() != null) {
      addEnsemble(newest.ensemble(), arrays);
    }
    return arrays;
  }

  /** The coordinates of the products of an ensemble. */
  private static void addEnsemble(EnsembleKind ensemble, Map<String, ObjectNode> arrays) {
    int quantiles = ensemble.probabilities().size();
    if (quantiles > 0) {
      arrays.put(
          "quantile",
          array("float64", List.of("quantile"), List.of(quantiles), List.of(quantiles))
              .set(
                  "attributes",
                  attributes(
                      "long_name", "share of the members at or below the value", "units", "1")));
    }
    if (ensemble.keepsMembers()) {
      int members = ensemble.members();
      arrays.put(
          "realization",
          array("int32", List.of("realization"), List.of(members), List.of(members))
              .set(
                  "attributes",
                  attributes(
                      "standard_name",
                      "realization",
                      "long_name",
                      "number of the member, 0 is the unperturbed one",
                      "units",
                      "1")));
    }
  }

  private static ObjectNode values(Issue newest, ValueArray array, int issues, int leadsAChunk) {
    Grid grid = newest.grid();
    Variable variable = newest.variable();
    List<String> dimensions = new ArrayList<>(List.of("issue_time", "lead"));
    List<Integer> shape = new ArrayList<>(List.of(issues, newest.validTimes().size()));
    List<Integer> chunk = new ArrayList<>(List.of(1, leadsAChunk));
    if (array.hasDimension()) {
      dimensions.add(array.dimension());
      shape.add(array.fields());
      chunk.add(1);
    }
    dimensions.addAll(List.of("latitude", "longitude"));
    shape.addAll(List.of(grid.rows(), grid.columns()));
    chunk.addAll(List.of(grid.rows(), grid.columns()));
    ObjectNode document = array("float32", dimensions, shape, chunk);
    document.put("fill_value", "NaN");
    ((ArrayNode) document.get("codecs"))
        .add(codec("gzip", "level", JSON.numberNode(ZarrChunks.LEVEL)));
    ObjectNode attributes = JSON.objectNode();
    String longName = variable.longName();
    boolean named = array.what().isEmpty() || !longName.isEmpty();
    optional(attributes, "units", variable.units());
    optional(attributes, "long_name", array.what() + (named ? longName : variable.name()));
    optional(attributes, "standard_name", variable.standardName());
    optional(attributes, "cell_methods", array.cellMethods());
    attributes.put("coordinates", "valid_time revision");
    document.set("attributes", attributes);
    return document;
  }

  /** The document of a stream's group, with those of its arrays. */
  static ObjectNode group(Issue newest, Map<String, ObjectNode> arrays) {
    Grid grid = newest.grid();
    ObjectNode attributes =
        attributes(
            "Conventions",
            "CF-1.10, ACDD-1.3",
            "title",
            "Forecasts of " + newest.variable().name() + " by the stream " + newest.stream(),
            "summary",
            String.format(
                "%s on %s, leads 1 to %d of each issue of the stream %s, by %s",
                newest.variable().name(),
                grid,
                newest.validTimes().size(),
                newest.stream(),
                newest.model()),
            "naming_authority",
            "etesian",
            "id",
            newest.stream(),
            "source",
            "Etesian neural forecast, model " + newest.model(),
            "cdm_data_type",
            "Grid",
            "standard_name_vocabulary",
            "CF Standard Name Table",
            "geospatial_lat_units",
            "degrees_north",
            "geospatial_lon_units",
            "degrees_east",
            "etesian_stream",
            newest.stream(),
            "etesian_variable",
            newest.variable().name(),
            "etesian_model",
            newest.model());
    attributes.put("geospatial_lat_min", grid.latitude(grid.rows() - 1));
    attributes.put("geospatial_lat_max", grid.latitude(0));
    attributes.put("geospatial_lon_min", grid.longitude(0));
    attributes.put("geospatial_lon_max", grid.longitude(grid.columns() - 1));
    return group(attributes, arrays);
  }

  /**
   * The document of the root.
   *
   * @param groups documents of the streams by name, with their arrays in them
   */
  static ObjectNode root(Map<String, ObjectNode> groups) {
    Map<String, ObjectNode> all = new LinkedHashMap<>();
    groups.forEach(
        (name, group) -> {
          ObjectNode bare = group.deepCopy();
          bare.set(CONSOLIDATED, consolidated(Map.of()));
          all.put(name, bare);
        });
    groups.forEach(
        (name, group) ->
            arraysIn(group).forEach((array, document) -> all.put(name + "/" + array, document)));
    return group(
        attributes("Conventions", "CF-1.10, ACDD-1.3", "title", "Forecasts of Etesian"), all);
  }

  /** The arrays that the document of a group holds, by name. */
  static Map<String, ObjectNode> arraysIn(ObjectNode group) {
    Map<String, ObjectNode> arrays = new LinkedHashMap<>();
    group
        .path(CONSOLIDATED)
        .path("metadata")
        .properties()
        .forEach(entry -> arrays.put(entry.getKey(), (ObjectNode) entry.getValue()));
    return arrays;
  }

  private static ObjectNode group(ObjectNode attributes, Map<String, ObjectNode> below) {
    ObjectNode group = JSON.objectNode();
    group.set("attributes", attributes);
    group.put("zarr_format", 3);
    group.set(CONSOLIDATED, consolidated(below));
    group.put("node_type", "group");
    return group;
  }

  private static ObjectNode consolidated(Map<String, ObjectNode> below) {
    ObjectNode consolidated = JSON.objectNode();
    consolidated.put("kind", "inline");
    consolidated.put("must_understand", false);
    ObjectNode metadata = consolidated.putObject("metadata");
    below.forEach(metadata::set);
    return consolidated;
  }

  private static ObjectNode array(
      String type, List<String> dimensions, List<Integer> shape, List<Integer> chunk) {
    ObjectNode array = JSON.objectNode();
    array.set("shape", numbers(shape));
    array.put("data_type", type);
    array.set("chunk_grid", codec("regular", "chunk_shape", numbers(chunk)));
    array.set("chunk_key_encoding", codec("default", "separator", JSON.textNode("/")));
    array.put("fill_value", 0);
    array.putArray("codecs").add(codec("bytes", "endian", JSON.textNode("little")));
    array.putObject("attributes");
    ArrayNode names = array.putArray("dimension_names");
    dimensions.forEach(names::add);
    array.put("zarr_format", 3);
    array.put("node_type", "array");
    array.putArray("storage_transformers");
    return array;
  }

  /** A name with a configuration of one key, the form of all extension points. */
  private static ObjectNode codec(String name, String key, JsonNode value) {
    ObjectNode codec = JSON.objectNode();
    codec.put("name", name);
    codec.putObject("configuration").set(key, value);
    return codec;
  }

  private static ArrayNode numbers(List<Integer> values) {
    ArrayNode numbers = JSON.arrayNode();
    values.forEach(numbers::add);
    return numbers;
  }

  private static ObjectNode attributes(String... namesAndValues) {
    ObjectNode attributes = JSON.objectNode();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      attributes.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return attributes;
  }

  private static void optional(ObjectNode attributes, String name, String value) {
    if (!value.isEmpty()) {
      attributes.put(name, value);
    }
  }
}
