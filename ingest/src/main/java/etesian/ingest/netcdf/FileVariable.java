package etesian.ingest.netcdf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * A variable of an open file, whatever the format: name, dimensions, attributes, and its values in
 * blocks.
 */
abstract class FileVariable {
  private final String fullName;
  private final List<FileDimension> dimensions;
  private final StoredType stored;
  private final StoredType type;
  private final Map<String, Object> attributes;

  /**
   * @param fullName groups and name, separated by slashes; a variable of the root is its name alone
   * @param dimensions slowest first
   * @param attributes text or {@link Attributes.Numbers}
   */
  FileVariable(
      String fullName,
      List<FileDimension> dimensions,
      StoredType type,
      Map<String, Object> attributes) {
    this.fullName = fullName;
    this.dimensions = List.copyOf(dimensions);
    this.attributes = Map.copyOf(attributes);
    this.stored = type;
    this.type =
        "true".equalsIgnoreCase(String.valueOf(attributes.get("_Unsigned")))
            ? type.unsigned()
            : type;
  }

  /**
   * A dimension.
   *
   * @param key what tells it from those of the same name in other groups; variables that share a
   *     dimension share its key
   */
  record FileDimension(String name, int length, String key) {}

  /** Takes the values of a variable, a block at a time. */
  interface BlockTaker {
    /**
     * @param values of the variable's type in the buffer's order of bytes, from its index 0; good
     *     until the next block
     * @param origin where the block begins, an index a dimension
     * @param lengths of the block within the variable
     * @param strides distance of neighbours in {@code values}, in values; 1 for the last dimension
     */
    void take(ByteBuffer values, int[] origin, int[] lengths, int[] strides) throws IOException;
  }

  /** Gives every value, in any order of blocks; what comes last counts. The type is numeric. */
  abstract void blocks(BlockTaker taker) throws IOException;

  /**
   * All values of a variable of texts or characters; the last dimension of these is their length.
   */
  abstract String[] texts() throws IOException;

  final String fullName() {
    return fullName;
  }

  final String shortName() {
    return fullName.substring(fullName.lastIndexOf('/') + 1);
  }

  final List<FileDimension> dimensions() {
    return dimensions;
  }

  /** The type of the values, without sign where the attribute {@code _Unsigned} says so. */
  final StoredType type() {
    return type;
  }

  /** The type as the file declares it. */
  final StoredType storedType() {
    return stored;
  }

  final boolean isNumeric() {
    return type.isNumeric();
  }

  final boolean isText() {
    return type == StoredType.CHAR || type == StoredType.TEXT;
  }

  /** Text, {@link Attributes.Numbers}, or null. */
  final Object attribute(String name) {
    return attributes.get(name);
  }

  /** How many. */
  final int attributes() {
    return attributes.size();
  }

  /** Whether it is the coordinate of the one dimension that bears its name. */
  final boolean isCoordinate() {
    return rank() == 1 && shortName().equals(dimensions.get(0).name());
  }

  final int rank() {
    return dimensions.size();
  }

  final int[] shape() {
    return dimensions.stream().mapToInt(FileDimension::length).toArray();
  }

  /** Number of values; limits have been checked, so that it is an int. */
  final int size() {
    long size = 1;
    for (FileDimension dimension : dimensions) {
      size = Math.multiplyExact(size, dimension.length);
    }
    return Math.toIntExact(size);
  }

  /** All values in stored order, in a buffer of their type. */
  final ByteBuffer whole() throws IOException {
    Whole whole = new Whole();
    if (size() > 0) {
      blocks(whole);
    }
    return whole.values == null ? ByteBuffer.allocate(0) : whole.values;
  }

  /** Distances of neighbours in an array of this shape. */
  static int[] strides(int[] shape) {
    int[] strides = new int[shape.length];
    int stride = 1;
    for (int d = shape.length - 1; d >= 0; d--) {
      strides[d] = stride;
      stride *= shape[d];
    }
    return strides;
  }

  @Override
  public String toString() {
    return fullName;
  }

  /** A block that is everything is taken as it is, others are put together. */
  private final class Whole implements BlockTaker {
    private final int[] shape = shape();
    private final int[] to = strides(shape);
    private ByteBuffer values;

    @Override
    public void take(ByteBuffer block, int[] origin, int[] lengths, int[] strides) {
      if (values == null
          && java.util.Arrays.equals(lengths, shape)
          && java.util.Arrays.equals(strides, to)) {
        values = block;
        return;
      }
      if (values == null) {
        values = ByteBuffer.allocate(Math.multiplyExact(size(), type.width())).order(block.order());
      }
      copy(block, origin, lengths, strides, 0, 0, 0);
    }

    private void copy(
        ByteBuffer block, int[] origin, int[] lengths, int[] strides, int d, int at, int put) {
      int last = lengths.length - 1;
      if (d >= last) {
        int width = type.width();
        int place = (put + (last < 0 ? 0 : origin[last])) * width;
        values.put(place, block, at * width, (last < 0 ? 1 : lengths[last]) * width);
        return;
      }
      for (int i = 0; i < lengths[d]; i++) {
        copy(
            block,
            origin,
            lengths,
            strides,
            d + 1,
            at + i * strides[d],
            put + (origin[d] + i) * to[d]);
      }
    }
  }
}
