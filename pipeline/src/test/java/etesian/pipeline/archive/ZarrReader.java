package etesian.pipeline.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Reads single cells as the Zarr core specification says, knowing nothing of the writer. */
final class ZarrReader {
  private final Path array;
  private final JsonNode metadata;

  private ZarrReader(Path array, JsonNode metadata) {
    this.array = array;
    this.metadata = metadata;
  }

  /** As a reader of consolidated metadata comes to an array. */
  static ZarrReader open(Path root, String stream, String name) throws IOException {
    JsonNode document = new ObjectMapper().readTree(root.resolve("zarr.json").toFile());
    return new ZarrReader(
        root.resolve(stream).resolve(name),
        document.at("/consolidated_metadata/metadata").get(stream + "/" + name));
  }

  int[] shape() {
    JsonNode shape = metadata.get("shape");
    int[] lengths = new int[shape.size()];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = shape.get(i).asInt();
    }
    return lengths;
  }

  double cell(int... index) throws IOException {
    JsonNode chunkShape = metadata.at("/chunk_grid/configuration/chunk_shape");
    StringBuilder key = new StringBuilder("c");
    int offset = 0;
    for (int i = 0; i < index.length; i++) {
      int length = chunkShape.get(i).asInt();
      key.append('/').append(index[i] / length);
      offset = offset * length + index[i] % length;
    }
    byte[] bytes = Files.readAllBytes(array.resolve(key.toString()));
    if (metadata.get("codecs").size() == 2) {
      bytes = new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
    }
    ByteBuffer values = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return switch (metadata.get("data_type").asText()) {
      case "float32" -> values.getFloat(offset * 4);
      case "float64" -> values.getDouble(offset * 8);
      case "int32" -> values.getInt(offset * 4);
      case "int64" -> values.getLong(offset * 8);
      case "uint8" -> values.get(offset) & 0xff;
      default -> throw new IOException(metadata.get("data_type").asText());
    };
  }
}
