package etesian.ingest.netcdf;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * What the stored values of a variable mean, missing ones as NaN, packed ones unpacked:
 *
 * <pre>  value = stored x scale_factor + add_offset </pre>
 *
 * in double, following the <a
 * href="https://cfconventions.org/cf-conventions/cf-conventions.html#packed-data">CF conventions,
 * 8.1</a> and, for missing values, the <a
 * href="https://docs.unidata.ucar.edu/nug/current/attribute_conventions.html">NetCDF Users
 * Guide</a>: {@code _FillValue} (its default where there is none, except for bytes), each {@code
 * missing_value}, and what lies outside {@code valid_range}, {@code valid_min}, {@code valid_max}.
 * Floating values of 1e20 and more in magnitude (9.9e19, for the rounding) are missing in any case:
 * 1e20 and -9.97e36 stand for it in files that do not say so.
 */
final class Unpacking {
  private static final double BEYOND_PHYSICS = 9.9e19;
  private static final int TABLE_SIZE = 1 << 16;
  private static final int BATCH = 4096;

  private final StoredType type;
  private final double[] fills;
  private final double scale;
  private final double offset;
  private final double validMin;
  private final double validMax;
  private final boolean validIsUnpacked;
  private final boolean isPlainFloat;
  private final float[] table; // of every 16-bit value, where it pays
  private final short[] batch;

  Unpacking(FileVariable variable) {
    this.type = variable.type();
    this.scale = Attributes.number(variable, "scale_factor").orElse(1.0);
    this.offset = Attributes.number(variable, "add_offset").orElse(0.0);
    double[] range = Attributes.numbers(variable, "valid_range");
    boolean ranged = range.length == 2;
    String minName = ranged ? "valid_range" : "valid_min";
    String maxName = ranged ? "valid_range" : "valid_max";
    // Of the type of the packed data it limits those; of a floating type it limits what they mean.
    this.validIsUnpacked =
        !type.isFloating()
            && (Attributes.isFloating(variable, minName)
                || Attributes.isFloating(variable, maxName));
    double min =
        ranged ? range[0] : Attributes.number(variable, minName).orElse(Double.NEGATIVE_INFINITY);
    double max =
        ranged ? range[1] : Attributes.number(variable, maxName).orElse(Double.POSITIVE_INFINITY);
    min = validIsUnpacked ? min : asStored(min);
    max = validIsUnpacked ? max : asStored(max);
    this.validMin = type.isFloating() ? Math.max(min, Math.nextUp(-BEYOND_PHYSICS)) : min;
    this.validMax = type.isFloating() ? Math.min(max, Math.nextDown(BEYOND_PHYSICS)) : max;
    double[] given = Attributes.numbers(variable, "_FillValue");
    this.fills =
        DoubleStream.concat(
                Arrays.stream(given.length > 0 ? given : defaultFill()),
                Arrays.stream(Attributes.numbers(variable, "missing_value")))
            .map(this::asStored)
            // NaN is missing anyway; what is out of range too
            .filter(
                fill ->
                    validIsUnpacked ? !Double.isNaN(fill) : fill >= validMin && fill <= validMax)
            .map(fill -> fill + 0.0) // one zero for both
            .sorted()
            .distinct()
            .toArray();
    this.isPlainFloat = type == StoredType.FLOAT32 && scale == 1 && offset == 0;
    boolean is16Bit = type == StoredType.INT16 || type == StoredType.UINT16;
    this.batch = is16Bit ? new short[BATCH] : null;
    this.table = is16Bit && variable.size() >= TABLE_SIZE ? table() : null;
  }

  /** What a stored value means. */
  double value(double stored) {
    if (Double.isNaN(stored) || isFill(stored)) {
      return Double.NaN;
    }
    double value = stored * scale + offset;
    double tested = validIsUnpacked ? value : stored;
    return tested < validMin || tested > validMax ? Double.NaN : value;
  }

  /**
   * What {@code count} values from index {@code at} mean, as floats; infinite ones, which no
   * quantity is, are missing.
   */
  void unpack(ByteBuffer in, int at, int count, float[] out, int to) {
    if (isPlainFloat) {
      in.asFloatBuffer().get(at, out, to, count);
      float min = (float) validMin;
      float max = (float) validMax;
      for (int i = to; i < to + count; i++) {
        float value = out[i];
        if (!(value >= min && value <= max) || fills.length > 0 && isFill(value)) {
          out[i] = Float.NaN;
        }
      }
    } else if (table != null) {
      for (int done = 0; done < count; done += BATCH) {
        int n = Math.min(BATCH, count - done);
        in.asShortBuffer().get(at + done, batch, 0, n);
        for (int i = 0; i < n; i++) {
          out[to + done + i] = table[batch[i] & 0xFFFF];
        }
      }
    } else {
      for (int i = 0; i < count; i++) {
        out[to + i] = finite(value(type.at(in, at + i)));
      }
    }
  }

  private float[] table() {
    float[] all = new float[TABLE_SIZE];
    for (int bits = 0; bits < TABLE_SIZE; bits++) {
      all[bits] = finite(value(type == StoredType.UINT16 ? bits : (short) bits));
    }
    return all;
  }

  private static float finite(double value) {
    float rounded = (float) value;
    return Float.isInfinite(rounded) ? Float.NaN : rounded;
  }

  /** Files may name any number of them. */
  private boolean isFill(double stored) {
    return fills.length == 1
        ? stored == fills[0]
        : fills.length > 1 && Arrays.binarySearch(fills, stored + 0.0) >= 0;
  }

  /** The value of an attribute as a variable of this type would hold it. */
  private double asStored(double value) {
    int bits = 8 * type.width();
    return switch (type) {
      case FLOAT32 -> (float) value;
      // written as a signed number, for want of another type
      case UINT8, UINT16, UINT32, UINT64 -> value < 0 ? value + Math.scalb(1.0, bits) : value;
      default -> value;
    };
  }

  /** The fill value of a variable that names none; see {@code netcdf.h}. */
  private double[] defaultFill() {
    return switch (type) {
      case INT16 -> new double[] {-32767};
      case UINT16 -> new double[] {65535};
      case INT32 -> new double[] {-2147483647};
      case UINT32 -> new double[] {4294967295.0};
      case INT64 -> new double[] {-0x1p63};
      case UINT64 -> new double[] {0x1p64};
      case FLOAT32, FLOAT64 -> new double[] {9.9692099683868690e36};
      default -> new double[0];
    };
  }
}
