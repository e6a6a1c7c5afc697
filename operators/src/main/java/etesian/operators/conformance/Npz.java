package etesian.operators.conformance;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The arrays of a NumPy {@code .npz} file: little-endian {@code f4, f8, i4, i8, b1, U} of any rank,
 * in either order. Numbers are widened to double, exactly.
 */
public final class Npz {
  private static final Pattern HEADER =
      Pattern.compile(
          "\\{'descr': '([<|][fibU]\\d+)', 'fortran_order': (True|False), "
              + "'shape': \\(([\\d, ]*)\\),? *\\}\\s*");
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  private final Map<String, Values> arrays;
  private final Set<String> unread;

  private Npz(Map<String, Values> arrays) {
    this.arrays = arrays;
    unread = new LinkedHashSet<>(arrays.keySet());
  }

  /** One array: either numbers or text. */
  private record Values(int[] shape, double[] numbers, String text) {}

  /**
   * @throws IOException the file is not a zip of {@code .npy} members of these types
   */
  public static Npz read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in);
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  public static Npz read(InputStream in) throws IOException {
    Map<String, Values> arrays = new LinkedHashMap<>();
    ZipInputStream zip = new ZipInputStream(in);
    for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
      String name = entry.getName().replaceFirst("\\.npy$", "");
      arrays.put(name, member(name, zip.readAllBytes()));
    }
    if (arrays.isEmpty()) {
      throw new IOException("not a zip file, or an empty one");
    }
    return new Npz(arrays);
  }

  /** Names in file order. */
  public Set<String> names() {
    return arrays.keySet();
  }

  public boolean has(String name) {
    return arrays.containsKey(name);
  }

  /** Names of those arrays whose elements nobody asked for so far, in file order. */
  Set<String> unread() {
    return Collections.unmodifiableSet(unread);
  }

  /** Length of each axis; empty for a scalar. */
  public int[] shape(String name) {
    return get(name).shape.clone();
  }

  /** All elements, last axis fastest. */
  public double[] doubles(String name) {
    Values values = get(name);
    unread.remove(name);
    if (values.numbers == null) {
      throw new IllegalArgumentException("array '" + name + "' is text, expected numbers");
    }
    return values.numbers.clone();
  }

  /** All elements rounded to float32 (exact where they were stored so). */
  public float[] floats(String name) {
    double[] doubles = doubles(name);
    float[] floats = new float[doubles.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) doubles[i];
    }
    return floats;
  }

  public int[] integers(String name) {
    return Arrays.stream(doubles(name)).mapToInt(d -> Math.toIntExact(Math.round(d))).toArray();
  }

  /** The only element of an array of size 1. */
  public double number(String name) {
    double[] values = doubles(name);
    if (values.length != 1) {
      throw new IllegalArgumentException(
          "array '" + name + "' has " + values.length + " elements, expected 1");
    }
    return values[0];
  }

  public int integer(String name) {
    return Math.toIntExact(Math.round(number(name)));
  }

  /** A scalar text. */
  public String text(String name) {
    String text = get(name).text;
    unread.remove(name);
    if (text == null) {
      throw new IllegalArgumentException("array '" + name + "' is numbers, expected a text");
    }
    return text;
  }

  private Values get(String name) {
    Values values = arrays.get(name);
    if (values == null) {
      throw new IllegalArgumentException("no array '" + name + "' among " + arrays.keySet());
    }
    return values;
  }

  private static Values member(String name, byte[] bytes) throws IOException {
    InputStream in = new ByteArrayInputStream(bytes);
    byte[] start = in.readNBytes(8);
    if (start.length < 8 || !Arrays.equals(start, 0, 6, MAGIC, 0, 6)) {
      throw new IOException("member '" + name + "' is not a NumPy array");
    }
    int width = start[6] == 1 ? 2 : 4; // version 2 has a longer length field
    byte[] length = Arrays.copyOf(in.readNBytes(width), 4);
    int size = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getInt();
    int from = 8 + width + size;
    if (size < 0 || from > bytes.length) {
      throw new IOException("member '" + name + "' is truncated");
    }
    String header = new String(in.readNBytes(size), StandardCharsets.ISO_8859_1);
    Matcher match = HEADER.matcher(header);
    if (!match.matches()) {
      throw new IOException(
          "member '" + name + "': " + header.trim() + ", expected <f4 <f8 <i4 <i8 |b1 <U");
    }
    int[] shape =
        Arrays.stream(match.group(3).split(","))
            .map(String::trim)
            .filter(s -> !s.isEmpty())
            .mapToInt(Integer::parseInt)
            .toArray();
    int elements = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    ByteBuffer data =
        ByteBuffer.wrap(bytes, from, bytes.length - from).slice().order(ByteOrder.LITTLE_ENDIAN);
    Values values = decode(name, match.group(1).substring(1), shape, elements, data);
    return match.group(2).equals("True") && values.numbers != null
        ? new Values(shape, lastAxisFastest(values.numbers, shape), null)
        : values;
  }

  /** From Fortran's order, whose first axis is fastest. */
  private static double[] lastAxisFastest(double[] values, int[] shape) {
    double[] sorted = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      int rest = i;
      int at = 0;
      for (int length : shape) {
        at = at * length + rest % length;
        rest /= length;
      }
      sorted[at] = values[i];
    }
    return sorted;
  }

  private static Values decode(String name, String type, int[] shape, int elements, ByteBuffer data)
      throws IOException {
    int width = Integer.parseInt(type.substring(1)) * (type.startsWith("U") ? 4 : 1);
    if (data.capacity() != (long) width * elements) {
      throw new IOException(
          "member '"
              + name
              + "' has "
              + data.capacity()
              + " bytes, expected "
              + width
              + " x "
              + elements);
    }
    if (type.startsWith("U")) {
      if (shape.length > 0) {
        throw new IOException("member '" + name + "' is an array of texts, expected a single one");
      }
      String text = Charset.forName("UTF-32LE").decode(data).toString();
      return new Values(shape, null, text.replace("\0", ""));
    }
    double[] values = new double[elements];
    for (int i = 0; i < elements; i++) {
      values[i] =
          switch (type) {
            case "f4" -> data.getFloat(4 * i);
            case "f8" -> data.getDouble(8 * i);
            case "i4" -> data.getInt(4 * i);
            case "i8" -> exact(name, data.getLong(8 * i));
            case "b1" -> data.get(i);
            default ->
                throw new IOException("member '" + name + "': type " + type + " is not read");
          };
    }
    return new Values(shape, values, null);
  }

  private static double exact(String name, long value) throws IOException {
    if (Math.abs(value) > 1L << 53) {
      throw new IOException("member '" + name + "': " + value + " has no exact double");
    }
    return value;
  }
}
