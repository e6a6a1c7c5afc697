package etesian.ingest.netcdf;

import static java.nio.charset.StandardCharsets.UTF_8;

import etesian.ingest.field.Check;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a NetCDF-3 file (64-bit offset, "CDF-2") to memory: fixed dimensions, attributes and
 * variables of the six classic types.
 *
 * <p>NetCDF-Java 4.5.5 writes only to a file on disk, by a channel that it opens itself; a forecast
 * goes into a Kafka record and should not pass through a temporary file. The classic format is
 * small enough to write by its specification (<a
 * href="https://docs.unidata.ucar.edu/netcdf-c/current/file_format_specifications.html">NetCDF file
 * format specifications</a>); every NetCDF library reads it.
 *
 * <pre>{@code
 * ClassicNetcdf file = new ClassicNetcdf().dimension("time", 2).attribute("title", "two steps");
 * file.variable("sst", new float[] {290, 291}, "time").attribute("units", "K");
 * byte[] bytes = file.toBytes();
 * }</pre>
 */
public final class ClassicNetcdf {
  private static final int DIMENSION = 0x0A;
  private static final int VARIABLE = 0x0B;
  private static final int ATTRIBUTE = 0x0C;

  private final Map<String, Integer> dimensions = new LinkedHashMap<>();
  private final Map<String, Object> attributes = new LinkedHashMap<>();
  private final Map<String, DataVariable> variables = new LinkedHashMap<>();

  /** Adds a dimension of fixed, positive length. */
  public ClassicNetcdf dimension(String name, int length) {
    Check.that(length > 0, "dimension %s needs a positive length, got %d", name, length);
    Check.that(dimensions.put(name, length) == null, "dimension %s is defined twice", name);
    return this;
  }

  /**
   * Adds a global attribute.
   *
   * @param value text, a boxed number or an array of byte, short, int, float or double
   */
  public ClassicNetcdf attribute(String name, Object value) {
    attributes.put(name, attributeValue(name, value));
    return this;
  }

  /**
   * Adds a variable.
   *
   * @param values row-major; byte[], char[] (ASCII text), short[], int[], float[] or double[]; not
   *     copied until {@link #toBytes}
   * @param over names of its dimensions, slowest first; none for a scalar
   * @return where its attributes are added
   */
  public DataVariable variable(String name, Object values, String... over) {
    int[] ids = new int[over.length];
    List<String> known = List.copyOf(dimensions.keySet());
    long cells = 1;
    for (int i = 0; i < over.length; i++) {
      ids[i] = known.indexOf(over[i]);
      Check.that(ids[i] >= 0, "variable %s: no dimension '%s', there are %s", name, over[i], known);
      cells *= dimensions.get(over[i]);
    }
    int length = StoredType.of(values).length(values);
    Check.that(
        length == cells,
        "variable %s: %d values for %d cells over %s",
        name,
        length,
        cells,
        Arrays.toString(over));
    DataVariable variable = new DataVariable(ids, values);
    Check.that(variables.put(name, variable) == null, "variable %s is defined twice", name);
    return variable;
  }

  /** The whole file. */
  public byte[] toBytes() {
    // The offsets have a fixed width, so that a first pass finds the length of the header.
    Bytes trial = new Bytes();
    header(trial, 0);
    long total = trial.length();
    for (DataVariable variable : variables.values()) {
      total += variable.paddedBytes();
    }
    Check.that(
        total <= Integer.MAX_VALUE - 8,
        "a file of %d bytes does not fit into one byte array; write fewer steps a file",
        total);
    Bytes header = new Bytes();
    header(header, trial.length());
    ByteBuffer file = ByteBuffer.allocate((int) total);
    file.put(header.toArray());
    for (DataVariable variable : variables.values()) {
      ByteBuffer slot = file.slice();
      variable.type.put(variable.values, slot);
      file.position(file.position() + variable.paddedBytes());
    }
    return file.array();
  }

  private void header(Bytes out, int length) {
    out.raw(new byte[] {'C', 'D', 'F', 2});
    out.number(0); // records
    out.number(dimensions.isEmpty() ? 0 : DIMENSION);
    out.number(dimensions.size());
    dimensions.forEach(
        (name, size) -> {
          out.name(name);
          out.number(size);
        });
    attributes(attributes, out);
    out.number(variables.isEmpty() ? 0 : VARIABLE);
    out.number(variables.size());
    long begin = length;
    for (Map.Entry<String, DataVariable> entry : variables.entrySet()) {
      DataVariable variable = entry.getValue();
      out.name(entry.getKey());
      out.number(variable.dimensionIds.length);
      for (int id : variable.dimensionIds) {
        out.number(id);
      }
      attributes(variable.attributes, out);
      out.number(variable.type.code());
      out.number(variable.paddedBytes());
      out.offset(begin);
      begin += variable.paddedBytes();
    }
  }

  private static void attributes(Map<String, Object> attributes, Bytes out) {
    out.number(attributes.isEmpty() ? 0 : ATTRIBUTE);
    out.number(attributes.size());
    attributes.forEach(
        (name, value) -> {
          out.name(name);
          boolean text = value instanceof String;
          Object values = text ? ((String) value).getBytes(UTF_8) : value;
          StoredType type = StoredType.of(values);
          ByteBuffer bytes = ByteBuffer.allocate(type.bytes(values));
          type.put(values, bytes);
          out.number(text ? StoredType.CHAR.code() : type.code());
          out.number(type.length(values));
          out.padded(bytes.array());
        });
  }

  /** Text stays text, a single number becomes an array of one. */
  private static Object attributeValue(String name, Object value) {
    if (value instanceof Byte b) {
      return new byte[] {b};
    } else if (value instanceof Short s) {
      return new short[] {s};
    } else if (value instanceof Integer i) {
      return new int[] {i};
    } else if (value instanceof Float f) {
      return new float[] {f};
    } else if (value instanceof Double d) {
      return new double[] {d};
    } else if (value instanceof String text) {
      Check.that(text.indexOf('\0') < 0, "attribute %s holds a zero character", name);
      return text;
    }
    StoredType.of(value);
    return value;
  }

  /** A variable of a file that is being made. */
  public static final class DataVariable {
    private final int[] dimensionIds;
    private final StoredType type;
    private final Object values;
    private final Map<String, Object> attributes = new LinkedHashMap<>();

    private DataVariable(int[] dimensionIds, Object values) {
      this.dimensionIds = dimensionIds;
      this.type = StoredType.of(values);
      this.values = values;
    }

    /**
     * Adds an attribute.
     *
     * @param value text, a boxed number or an array of byte, short, int, float or double
     */
    public DataVariable attribute(String name, Object value) {
      attributes.put(name, attributeValue(name, value));
      return this;
    }

    private int paddedBytes() {
      return (type.bytes(values) + 3) / 4 * 4;
    }
  }

  /** The header as it grows. */
  private static final class Bytes {
    private final ArrayList<byte[]> parts = new ArrayList<>();
    private int length;

    void raw(byte[] bytes) {
      parts.add(bytes);
      length += bytes.length;
    }

    void number(int value) {
      raw(ByteBuffer.allocate(4).putInt(value).array());
    }

    void offset(long value) {
      raw(ByteBuffer.allocate(8).putLong(value).array());
    }

    void name(String name) {
      byte[] utf8 = name.getBytes(UTF_8);
      number(utf8.length);
      padded(utf8);
    }

    void padded(byte[] bytes) {
      raw(Arrays.copyOf(bytes, (bytes.length + 3) / 4 * 4));
    }

    int length() {
      return length;
    }

    byte[] toArray() {
      ByteBuffer all = ByteBuffer.allocate(length);
      parts.forEach(all::put);
      return all.array();
    }
  }
}
