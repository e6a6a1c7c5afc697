package etesian.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A schema of {@code docs/schemas}, as strict as its writer has to be: a reader passes over what it
 * does not know, but what the job writes is all described.
 */
public final class PublishedSchema {
  public static final PublishedSchema MODEL_EVENT = new PublishedSchema("model-event");
  public static final PublishedSchema CHAMPION = new PublishedSchema("champion");
  public static final PublishedSchema SCORE = new PublishedSchema("score");

  private final Schema schema;

  private PublishedSchema(String name) {
    Path file = Path.of("..", "docs", "schemas", name + ".schema.json");
    try {
      JsonNode published = new ObjectMapper().readTree(file.toFile());
      close(published);
      schema =
          SchemaRegistry.withDefaultDialect(
                  SpecificationVersion.DRAFT_2020_12,
                  registry ->
                      registry.schemaRegistryConfig(
                          SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()))
              .getSchema(published);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void close(JsonNode node) {
    if (node instanceof ObjectNode object
        && node.path("type").asText().equals("object")
        && node.has("properties")) {
      object.put("additionalProperties", false);
    }
    node.forEach(PublishedSchema::close);
  }

  /** What a record has, or lacks, against the schema; empty when it is as published. */
  public List<String> complaints(String json) {
    return schema.validate(json, InputFormat.JSON).stream().map(Object::toString).toList();
  }
}
