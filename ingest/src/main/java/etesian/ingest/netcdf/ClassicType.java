package etesian.ingest.netcdf;

import java.lang.reflect.Array;
import java.nio.ByteBuffer;

/** The six types of classic NetCDF, with their codes in the file. */
enum ClassicType {
  BYTE(1, 1),
  CHAR(2, 1),
  SHORT(3, 2),
  INT(4, 4),
  FLOAT(5, 4),
  DOUBLE(6, 8);

  private final int code;
  private final int width;

  ClassicType(int code, int width) {
    this.code = code;
    this.width = width;
  }

  /** The type of a primitive array. */
  static ClassicType of(Object values) {
    if (values instanceof byte[]) {
      return BYTE;
    } else if (values instanceof char[]) {
      return CHAR;
    } else if (values instanceof short[]) {
      return SHORT;
    } else if (values instanceof int[]) {
      return INT;
    } else if (values instanceof float[]) {
      return FLOAT;
    } else if (values instanceof double[]) {
      return DOUBLE;
    }
    throw new IllegalArgumentException(
        "classic NetCDF stores byte, char, short, int, float and double, got "
            + values.getClass().getSimpleName());
  }

  /** {@code nc_type} in the file. */
  int code() {
    return code;
  }

  /** Bytes of one value. */
  int width() {
    return width;
  }

  /**
   * @throws IllegalArgumentException when {@code code} is none of the six
   */
  static ClassicType ofCode(int code) {
    for (ClassicType type : values()) {
      if (type.code == code) {
        return type;
      }
    }
    throw new IllegalArgumentException("no classic type has the code " + code);
  }

  int length(Object values) {
    return Array.getLength(values);
  }

  int bytes(Object values) {
    return Math.multiplyExact(length(values), width);
  }

  /** Writes all values, big-endian. */
  void put(Object values, ByteBuffer out) {
    switch (this) {
      case BYTE -> out.put((byte[]) values);
      case CHAR -> {
        for (char c : (char[]) values) {
          out.put((byte) c);
        }
      }
      case SHORT -> out.asShortBuffer().put((short[]) values);
      case INT -> out.asIntBuffer().put((int[]) values);
      case FLOAT -> out.asFloatBuffer().put((float[]) values);
      case DOUBLE -> out.asDoubleBuffer().put((double[]) values);
    }
  }
}
