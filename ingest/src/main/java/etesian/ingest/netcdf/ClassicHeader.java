package etesian.ingest.netcdf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a classic NetCDF file: CDF-1, CDF-2 (64-bit offsets) or CDF-5 (64-bit everything),
 * after the <a
 * href="https://docs.unidata.ucar.edu/netcdf-c/current/file_format_specifications.html">file format
 * specifications</a>.
 *
 * <p>Why not by NetCDF-Java: it reads no CDF-5, reads the missing tail of a truncated file as zeros
 * (that is as {@code add_offset}), and copies values twice before they can be unpacked.
 *
 * @param version 1, 2 or 5
 * @param records along the record dimension; {@link #STREAMING} where the writer left it open
 * @param variables in the order of the file
 * @param length of the header in bytes
 */
record ClassicHeader(int version, long records, List<Entry> variables, int length) {
  static final long STREAMING = -1;

  private static final int DIMENSION = 0x0A;
  private static final int VARIABLE = 0x0B;
  private static final int ATTRIBUTE = 0x0C;

  /** A dimension; length 0 marks the record dimension. */
  record Dimension(String name, long length) {}

  /**
   * A variable.
   *
   * @param dimensions slowest first; only the first may be the record dimension
   * @param begin where its first value lies in the file
   */
  record Entry(
      String name,
      List<Dimension> dimensions,
      Map<String, Object> attributes,
      StoredType type,
      long begin) {
    boolean isRecord() {
      return !dimensions.isEmpty() && dimensions.get(0).length() == 0;
    }

    /** Values that lie together: all of them, or one record. */
    long valuesTogether() {
      long values = 1;
      for (Dimension dimension : dimensions.subList(isRecord() ? 1 : 0, dimensions.size())) {
        values = Math.multiplyExact(values, dimension.length());
      }
      return values;
    }

    long bytesTogether() {
      return Math.multiplyExact(valuesTogether(), type.width());
    }
  }

  /**
   * @param name for messages
   * @throws BufferUnderflowException when the file ends within its header
   * @throws IllegalArgumentException when the header contradicts itself
   * @throws Refusal when there are more variables or attributes than the limits allow
   */
  static ClassicHeader read(ByteBuffer file, Limits limits, String name) throws Refusal {
    return new Parser(file.duplicate().order(ByteOrder.BIG_ENDIAN), limits, name).header();
  }

  /** Distance of two records of a variable. A single record variable is packed without padding. */
  long recordBytes() {
    List<Entry> records = variables.stream().filter(Entry::isRecord).toList();
    if (records.size() == 1) {
      return records.get(0).bytesTogether();
    }
    long bytes = 0;
    for (Entry entry : records) {
      bytes = Math.addExact(bytes, Math.addExact(entry.bytesTogether(), 3) / 4 * 4);
    }
    return bytes;
  }

  /** Records, where the writer left their number open as many as there is room for. */
  long recordsWithin(long fileLength) {
    if (records != STREAMING) {
      return records;
    }
    long distance = recordBytes();
    long most = Long.MAX_VALUE;
    for (Entry entry : variables) {
      if (entry.isRecord()) {
        long room = fileLength - entry.begin() - entry.bytesTogether();
        most = Math.min(most, room < 0 || distance == 0 ? 0 : room / distance + 1);
      }
    }
    return most == Long.MAX_VALUE ? 0 : most;
  }

  /**
   * How long the file is at least. The padding after the last value is not counted, as some writers
   * leave it out.
   */
  long impliedLength() {
    long end = length;
    for (Entry entry : variables) {
      long last = 0;
      if (entry.isRecord()) {
        if (records == STREAMING || records == 0) {
          continue;
        }
        last = Math.multiplyExact(records - 1, recordBytes());
      }
      if (entry.bytesTogether() > 0) {
        end =
            Math.max(end, Math.addExact(Math.addExact(entry.begin(), last), entry.bytesTogether()));
      }
    }
    return end;
  }

  /** Reads front to back; each list is known to fit into what is left before it is allocated. */
  private static final class Parser {
    private final ByteBuffer in;
    private final int version;
    private final Limits limits;
    private final String file;
    private int attributes;

    Parser(ByteBuffer in, Limits limits, String file) {
      this.in = in;
      this.limits = limits;
      this.file = file;
      version = in.get(3);
      in.position(4);
    }

    ClassicHeader header() throws Refusal {
      long records = version == 5 ? in.getLong() : Integer.toUnsignedLong(in.getInt());
      boolean streaming = records == (version == 5 ? -1L : 0xFFFF_FFFFL);
      check(streaming || records >= 0, "%d records", records);
      List<Dimension> dimensions = new ArrayList<>();
      for (int left = list(DIMENSION); left > 0; left--) {
        String name = name();
        long length = version == 5 ? in.getLong() : Integer.toUnsignedLong(in.getInt());
        check(length >= 0, "dimension %s of length %d", name, length);
        dimensions.add(new Dimension(name, length));
      }
      attributes(); // the global ones say nothing that is needed
      List<Entry> variables = new ArrayList<>();
      int count = list(VARIABLE);
      limits.checkVariables(count, file);
      for (int left = count; left > 0; left--) {
        variables.add(variable(dimensions));
      }
      return new ClassicHeader(
          version, streaming ? STREAMING : records, List.copyOf(variables), in.position());
    }

    private Entry variable(List<Dimension> dimensions) throws Refusal {
      String name = name();
      List<Dimension> over = new ArrayList<>();
      for (int left = count(); left > 0; left--) {
        long id = version == 5 ? in.getLong() : in.getInt();
        check(id >= 0 && id < dimensions.size(), "%s: no dimension has the number %d", name, id);
        Dimension dimension = dimensions.get((int) id);
        check(
            over.isEmpty() || dimension.length() > 0,
            "%s: the record dimension is not its first",
            name);
        over.add(dimension);
      }
      Map<String, Object> attributes = attributes();
      StoredType type = type();
      in.get(new byte[version == 5 ? 8 : 4]); // the padded size, which overflows for large ones
      long begin = version == 1 ? Integer.toUnsignedLong(in.getInt()) : in.getLong();
      check(begin >= 0, "%s begins at byte %d", name, begin);
      return new Entry(name, List.copyOf(over), attributes, type, begin);
    }

    private StoredType type() {
      return StoredType.ofCode(in.getInt(), version == 5);
    }

    private Map<String, Object> attributes() throws Refusal {
      Map<String, Object> found = new LinkedHashMap<>();
      int count = list(ATTRIBUTE);
      attributes += count; // both at most the length of the file
      limits.checkAttributes(attributes, file);
      for (int left = count; left > 0; left--) {
        String name = name();
        StoredType type = type();
        ByteBuffer values = padded((long) count() * type.width());
        if (type == StoredType.CHAR) {
          String text = text(values);
          int end = text.indexOf('\0'); // C programs write the end of their strings too
          found.put(name, end < 0 ? text : text.substring(0, end));
        } else {
          double[] numbers = new double[values.remaining() / type.width()];
          for (int i = 0; i < numbers.length; i++) {
            numbers[i] = type.at(values, i);
          }
          found.put(name, new Attributes.Numbers(numbers, type.isFloating()));
        }
      }
      return found;
    }

    /** UTF-8 by the specification; older files have "°C" in Latin-1. */
    private static String text(ByteBuffer bytes) {
      String text = UTF_8.decode(bytes.duplicate()).toString();
      return text.indexOf('\uFFFD') < 0 ? text : ISO_8859_1.decode(bytes).toString();
    }

    private int list(int tag) {
      int found = in.getInt();
      int count = count();
      check(found == tag || found == 0 && count == 0, "the tag %d, expected %d", found, tag);
      return count;
    }

    /** A number of things of at least one byte each. */
    private int count() {
      long count = version == 5 ? in.getLong() : in.getInt();
      check(count >= 0, "a list of %d elements", count);
      if (count > in.remaining()) {
        throw new BufferUnderflowException();
      }
      return (int) count;
    }

    private String name() {
      return UTF_8.decode(padded(count())).toString();
    }

    private ByteBuffer padded(long bytes) {
      long padded = (bytes + 3) / 4 * 4;
      if (padded > in.remaining()) {
        throw new BufferUnderflowException();
      }
      ByteBuffer slice = in.slice(in.position(), (int) bytes);
      in.position(in.position() + (int) padded);
      return slice;
    }

    private static void check(boolean holds, String message, Object... arguments) {
      if (!holds) {
        throw new IllegalArgumentException(String.format(message, arguments));
      }
    }
  }
}
