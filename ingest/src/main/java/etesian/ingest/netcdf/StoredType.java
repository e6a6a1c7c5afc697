package etesian.ingest.netcdf;

import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * The types that values are stored as, with the codes of the classic formats: the first six are
 * those of CDF-1 and CDF-2, the first eleven those of CDF-5. Text of variable length and what has
 * no numbers (compound, opaque, enumerations) occurs in NetCDF-4 only.
 */
enum StoredType {
  INT8(1, 1),
  CHAR(2, 1),
  INT16(3, 2),
  INT32(4, 4),
  FLOAT32(5, 4),
  FLOAT64(6, 8),
  UINT8(7, 1),
  UINT16(8, 2),
  UINT32(9, 4),
  INT64(10, 8),
  UINT64(11, 8),
  TEXT(0, 0),
  OTHER(0, 0);

  private static final int CLASSIC = 6;
  private static final int CDF5 = 11;

  private final int code;
  private final int width;

  StoredType(int code, int width) {
    this.code = code;
    this.width = width;
  }

  /** The type of a primitive array, as classic NetCDF stores it. */
  static StoredType of(Object values) {
    if (values instanceof byte[]) {
      return INT8;
    } else if (values instanceof char[]) {
      return CHAR;
    } else if (values instanceof short[]) {
      return INT16;
    } else if (values instanceof int[]) {
      return INT32;
    } else if (values instanceof float[]) {
      return FLOAT32;
    } else if (values instanceof double[]) {
      return FLOAT64;
    }
    throw new IllegalArgumentException(
        "classic NetCDF stores byte, char, short, int, float and double, got "
            + values.getClass().getSimpleName());
  }

  /** {@code nc_type} in a classic file. */
  int code() {
    return code;
  }

  /** Bytes of one value. */
  int width() {
    return width;
  }

  /**
   * @param wide whether the file is CDF-5, which has more types
   * @throws IllegalArgumentException when {@code code} is none of them
   */
  static StoredType ofCode(int code, boolean wide) {
    if (code < 1 || code > (wide ? CDF5 : CLASSIC)) {
      throw new IllegalArgumentException("no type has the code " + code);
    }
    return values()[code - 1];
  }

  boolean isNumeric() {
    return width > 0 && this != CHAR;
  }

  boolean isFloating() {
    return this == FLOAT32 || this == FLOAT64;
  }

  /** The same bits read as a number without sign, as the attribute {@code _Unsigned} demands. */
  StoredType unsigned() {
    return switch (this) {
      case INT8 -> UINT8;
      case INT16 -> UINT16;
      case INT32 -> UINT32;
      case INT64 -> UINT64;
      default -> this;
    };
  }

  /** As NumPy names it: {@code int16}, {@code float32}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  int length(Object values) {
    return Array.getLength(values);
  }

  int bytes(Object values) {
    return Math.multiplyExact(length(values), width);
  }

  /** Writes all values of an array of this type, in the order of bytes of {@code out}. */
  void put(Object values, ByteBuffer out) {
    switch (this) {
      case INT8 -> out.put((byte[]) values);
      case CHAR -> {
        for (char c : (char[]) values) {
          out.put((byte) c);
        }
      }
      case INT16 -> out.asShortBuffer().put((short[]) values);
      case INT32 -> out.asIntBuffer().put((int[]) values);
      case FLOAT32 -> out.asFloatBuffer().put((float[]) values);
      case FLOAT64 -> out.asDoubleBuffer().put((double[]) values);
      default -> throw new IllegalArgumentException("not written: " + this);
    }
  }

  /** Writes one value, in the order of bytes of {@code out}. */
  void put(Number value, ByteBuffer out) {
    switch (this) {
      case INT8, UINT8, CHAR -> out.put(value.byteValue());
      case INT16, UINT16 -> out.putShort(value.shortValue());
      case INT32, UINT32 -> out.putInt(value.intValue());
      case INT64, UINT64 -> out.putLong(value.longValue());
      case FLOAT32 -> out.putFloat(value.floatValue());
      case FLOAT64 -> out.putDouble(value.doubleValue());
      case TEXT, OTHER -> throw new IllegalArgumentException("not a number: " + this);
    }
  }

  /** Value {@code i} of a buffer of them, as a double. */
  double at(ByteBuffer in, int i) {
    return switch (this) {
      case INT8, CHAR -> in.get(i);
      case UINT8 -> in.get(i) & 0xFF;
      case INT16 -> in.getShort(2 * i);
      case UINT16 -> in.getShort(2 * i) & 0xFFFF;
      case INT32 -> in.getInt(4 * i);
      case UINT32 -> Integer.toUnsignedLong(in.getInt(4 * i));
      case INT64 -> in.getLong(8 * i);
      case UINT64 -> unsigned(in.getLong(8 * i));
      case FLOAT32 -> in.getFloat(4 * i);
      case FLOAT64 -> in.getDouble(8 * i);
      case TEXT, OTHER -> throw new IllegalArgumentException("not a number: " + this);
    };
  }

  private static double unsigned(long bits) {
    return bits >= 0 ? bits : (bits >>> 1 | bits & 1) * 2.0;
  }
}
