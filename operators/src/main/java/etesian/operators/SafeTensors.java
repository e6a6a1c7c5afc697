package etesian.operators;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@link Weights} as safetensors, the format that Python reads without running code:
 *
 * <pre>  8 bytes header length (little-endian) | JSON header | raw little-endian values  </pre>
 *
 * Reading is strict: the tensors must fill the data without a gap or an overlap, and nothing is
 * allocated on the word of the header alone. F64, F16 and BF16 are converted to float32, and so is
 * I64, for the counters of batch norms. Writing is deterministic: names and metadata in sorted
 * order, so equal content has an equal {@link #sha256}.
 */
public final class SafeTensors {
  /** Longest header that is read, as in the reference implementation. */
  private static final int HEADER_LIMIT = 100_000_000;

  private static final String METADATA = "__metadata__";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private SafeTensors() {}

  /**
   * @throws WeightsException the file is not valid safetensors, or holds another type than floats
   */
  public static Weights read(Path file) throws IOException {
    long size = Files.size(file);
    if (size > Integer.MAX_VALUE - 8) {
      throw new WeightsException(file + ": " + size + " bytes, at most 2 GiB can be read");
    }
    try {
      return read(Files.readAllBytes(file));
    } catch (WeightsException e) {
      throw new WeightsException(file + ": " + e.getMessage(), e);
    }
  }

  /** Reads to the end of the stream, which stays open. */
  public static Weights read(InputStream in) throws IOException {
    return read(in.readAllBytes());
  }

  public static Weights read(byte[] bytes) {
    if (bytes.length < 8) {
      throw new WeightsException(
          bytes.length + " bytes, a safetensors file begins with an 8-byte header length");
    }
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long length = file.getLong(0);
    if (length < 2 || length > HEADER_LIMIT || length > bytes.length - 8) {
      throw new WeightsException(
          String.format(
              "header of %s bytes in a file of %d (limit %d): truncated, or not safetensors",
              Long.toUnsignedString(length), bytes.length, HEADER_LIMIT));
    }
    JsonNode header = header(bytes, (int) length);
    ByteBuffer data =
        file.slice(8 + (int) length, bytes.length - 8 - (int) length)
            .order(ByteOrder.LITTLE_ENDIAN);
    Map<String, String> metadata = new LinkedHashMap<>();
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : header.properties()) {
      if (field.getKey().equals(METADATA)) {
        readMetadata(field.getValue(), metadata);
      } else {
        entries.add(Entry.read(field.getKey(), field.getValue()));
      }
    }
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparing(Entry::end));
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    long position = 0;
    for (Entry entry : entries) {
      if (entry.begin != position || entry.end > data.capacity()) {
        throw new WeightsException(
            String.format(
                "tensor '%s' lies at bytes %d..%d of %d bytes of data, expected to begin at %d",
                entry.name, entry.begin, entry.end, data.capacity(), position));
      }
      tensors.put(entry.name, entry.decode(data));
      position = entry.end;
    }
    if (position != data.capacity()) {
      throw new WeightsException(
          "the tensors take " + position + " of " + data.capacity() + " bytes of data");
    }
    return new Weights(metadata, tensors);
  }

  /** The file content; equal weights give equal bytes. */
  public static byte[] write(Weights weights) {
    ObjectNode header = JSON.createObjectNode();
    if (!weights.metadata().isEmpty()) {
      ObjectNode metadata = header.putObject(METADATA);
      new TreeMap<>(weights.metadata()).forEach(metadata::put);
    }
    Map<String, Tensor> tensors = new TreeMap<>(weights.tensors());
    long end = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      if (entry.getKey().equals(METADATA)) {
        throw new WeightsException("no tensor may be named " + METADATA);
      }
      ObjectNode description = header.putObject(entry.getKey()).put("dtype", "F32");
      ArrayNode shape = description.putArray("shape");
      Arrays.stream(entry.getValue().shape()).forEach(shape::add);
      long begin = end;
      end += 4L * entry.getValue().values().length;
      description.putArray("data_offsets").add(begin).add(end);
    }
    byte[] json = json(header);
    int padded = (json.length + 7) / 8 * 8; // the data is aligned, so that it can be mapped
    long size = 8L + padded + end;
    if (size > Integer.MAX_VALUE - 8) {
      throw new WeightsException(size + " bytes of weights, at most 2 GiB can be written");
    }
    ByteBuffer out = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(padded).put(json);
    while (out.position() < 8 + padded) {
      out.put((byte) ' ');
    }
    for (Tensor tensor : tensors.values()) {
      out.asFloatBuffer().put(tensor.values());
      out.position(out.position() + 4 * tensor.values().length);
    }
    return out.array();
  }

  /** {@link WholeFile#write}: a reader sees the old file or the whole new one. */
  public static void save(Weights weights, Path file) throws IOException {
    WholeFile.write(write(weights), file);
  }

  /** Hash of the file that {@link #write} would make: 64 lower-case hexadecimal digits. */
  public static String sha256(Weights weights) {
    return sha256(write(weights));
  }

  public static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static JsonNode header(byte[] bytes, int length) {
    JsonNode header;
    try {
      header = JSON.readTree(bytes, 8, length);
    } catch (IOException e) {
      throw new WeightsException("the header is not JSON: " + e.getMessage(), e);
    }
    if (bytes[8] != '{' || !header.isObject()) {
      throw new WeightsException("the header is not a JSON object");
    }
    return header;
  }

  private static byte[] json(JsonNode header) {
    try {
      return JSON.writeValueAsBytes(header);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and numbers is always JSON", e);
    }
  }

  private static void readMetadata(JsonNode node, Map<String, String> into) {
    if (!node.isObject()) {
      throw new WeightsException(METADATA + " is not a JSON object");
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!field.getValue().isTextual()) {
        throw new WeightsException(METADATA + " '" + field.getKey() + "' is not a text");
      }
      into.put(field.getKey(), field.getValue().textValue());
    }
  }

  /** How one tensor is stored; {@code begin} and {@code end} are bytes of the data. */
  private record Entry(
      String name, DataType type, long[] shape, int elements, long begin, long end) {

    static Entry read(String name, JsonNode node) {
      DataType type = DataType.of(name, node.path("dtype").asText());
      long[] shape = integers(name, "shape", node.path("shape"));
      long[] offsets = integers(name, "data_offsets", node.path("data_offsets"));
      if (offsets.length != 2) {
        throw new WeightsException("tensor '" + name + "': data_offsets are not two numbers");
      }
      long elements = 1;
      try {
        for (long length : shape) {
          elements = Math.multiplyExact(elements, length);
        }
        if (Math.multiplyExact(elements, type.bytes) != offsets[1] - offsets[0]) {
          throw new WeightsException(
              String.format(
                  "tensor '%s': %d values of %d bytes (shape %s) do not fill bytes %d..%d",
                  name, elements, type.bytes, Arrays.toString(shape), offsets[0], offsets[1]));
        }
        return new Entry(name, type, shape, Math.toIntExact(elements), offsets[0], offsets[1]);
      } catch (ArithmeticException e) {
        throw new WeightsException(
            "tensor '" + name + "': shape " + Arrays.toString(shape) + " is too large", e);
      }
    }

    private static long[] integers(String name, String what, JsonNode node) {
      if (!node.isArray()) {
        throw new WeightsException("tensor '" + name + "': " + what + " is missing");
      }
      long[] values = new long[node.size()];
      for (int i = 0; i < values.length; i++) {
        JsonNode value = node.get(i);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
          throw new WeightsException(
              "tensor '" + name + "': " + what + " " + node + ", expected whole numbers >= 0");
        }
        values[i] = value.longValue();
      }
      return values;
    }

    Tensor decode(ByteBuffer data) {
      ByteBuffer bytes =
          data.slice((int) begin, (int) (end - begin)).order(ByteOrder.LITTLE_ENDIAN);
      float[] values = new float[elements];
      for (int i = 0; i < elements; i++) {
        values[i] = type.decode(bytes, i);
      }
      return new Tensor(values, shape);
    }
  }

  private enum DataType {
    F64(8),
    F32(4),
    F16(2),
    BF16(2),
    I64(8);

    final int bytes;

    DataType(int bytes) {
      this.bytes = bytes;
    }

    static DataType of(String name, String dtype) {
      for (DataType type : values()) {
        if (type.name().equals(dtype)) {
          return type;
        }
      }
      throw new WeightsException(
          "tensor '" + name + "': dtype '" + dtype + "', expected F32, F64, F16, BF16 or I64");
    }

    float decode(ByteBuffer in, int index) {
      return switch (this) {
        case F64 -> (float) in.getDouble(8 * index);
        case F32 -> in.getFloat(4 * index);
        case I64 -> in.getLong(8 * index);
        case BF16 -> Float.intBitsToFloat(in.getShort(2 * index) << 16);
        case F16 -> half(in.getShort(2 * index));
      };
    }

    /** IEEE 754 binary16: 1 sign, 5 exponent (bias 15) and 10 fraction bits. */
    private static float half(short bits) {
      int exponent = bits >> 10 & 0x1f;
      int fraction = bits & 0x3ff;
      float magnitude;
      if (exponent == 0) {
        magnitude = fraction * 0x1p-24f;
      } else if (exponent == 0x1f) {
        magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
      } else {
        magnitude = Float.intBitsToFloat(exponent - 15 + 127 << 23 | fraction << 13);
      }
      return bits < 0 ? -magnitude : magnitude;
    }
  }
}
