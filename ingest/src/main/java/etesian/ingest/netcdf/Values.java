package etesian.ingest.netcdf;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import ucar.ma2.DataType;
import ucar.nc2.Variable;

/**
 * The values of one variable in stored order, missing ones as NaN, packed ones unpacked:
 *
 * <pre>  value = stored x scale_factor + add_offset </pre>
 *
 * in double, following the <a
 * href="https://cfconventions.org/cf-conventions/cf-conventions.html#packed-data">CF conventions,
 * 8.1</a> and, for missing values, the <a
 * href="https://docs.unidata.ucar.edu/nug/current/attribute_conventions.html">NetCDF Users
 * Guide</a>: {@code _FillValue} (its default where there is none, except for bytes), each {@code
 * missing_value}, and what lies outside {@code valid_range}, {@code valid_min}, {@code valid_max}.
 */
final class Values {
  private final int size;
  private final IntToDoubleFunction stored;
  private final double[] fills;
  private final double scale;
  private final double offset;
  private final double validMin;
  private final double validMax;
  private final boolean validIsUnpacked;

  private Values(Variable variable, Object array, int size) {
    boolean unsigned = variable.isUnsigned();
    this.size = size;
    this.stored = stored(array, unsigned);
    this.scale = Attributes.number(variable, "scale_factor").orElse(1.0);
    this.offset = Attributes.number(variable, "add_offset").orElse(0.0);
    double[] given = Attributes.numbers(variable, "_FillValue");
    this.fills =
        DoubleStream.concat(
                Arrays.stream(given.length > 0 ? given : defaultFill(array, unsigned)),
                Arrays.stream(Attributes.numbers(variable, "missing_value")))
            .map(fill -> asStored(fill, array, unsigned))
            .filter(fill -> !Double.isNaN(fill)) // a stored NaN is missing anyway
            .distinct()
            .toArray();
    double[] range = Attributes.numbers(variable, "valid_range");
    boolean ranged = range.length == 2;
    String minName = ranged ? "valid_range" : "valid_min";
    String maxName = ranged ? "valid_range" : "valid_max";
    // Of the type of the packed data it limits those; of a floating type it limits what they mean.
    this.validIsUnpacked =
        !(array instanceof float[] || array instanceof double[])
            && (Attributes.isFloating(variable, minName)
                || Attributes.isFloating(variable, maxName));
    double min =
        ranged ? range[0] : Attributes.number(variable, minName).orElse(Double.NEGATIVE_INFINITY);
    double max =
        ranged ? range[1] : Attributes.number(variable, maxName).orElse(Double.POSITIVE_INFINITY);
    this.validMin = validIsUnpacked ? min : asStored(min, array, unsigned);
    this.validMax = validIsUnpacked ? max : asStored(max, array, unsigned);
  }

  /**
   * Reads all of a numeric variable.
   *
   * @throws IOException when the file is damaged
   */
  static Values read(Variable variable) throws IOException {
    Object array = variable.read().copyTo1DJavaArray();
    return new Values(variable, array, java.lang.reflect.Array.getLength(array));
  }

  /** Whether {@link #read} takes this type. */
  static boolean isNumeric(Variable variable) {
    return variable.getDataType().isNumeric();
  }

  /** The type as stored, as NumPy names it: {@code int16}, {@code float32}. */
  static String storedType(Variable variable) {
    DataType type = variable.getDataType();
    String name =
        switch (type) {
          case BYTE -> "int8";
          case SHORT -> "int16";
          case INT -> "int32";
          case LONG -> "int64";
          case FLOAT -> "float32";
          case DOUBLE -> "float64";
          default -> type.toString();
        };
    return variable.isUnsigned() && type.isIntegral() ? "u" + name : name;
  }

  int size() {
    return size;
  }

  /** Value {@code i} in stored order, NaN when missing. */
  double at(int i) {
    double raw = stored.applyAsDouble(i);
    if (Double.isNaN(raw) || isFill(raw)) {
      return Double.NaN;
    }
    double value = raw * scale + offset;
    double tested = validIsUnpacked ? value : raw;
    return tested < validMin || tested > validMax ? Double.NaN : value;
  }

  double[] toArray() {
    double[] all = new double[size];
    Arrays.setAll(all, this::at);
    return all;
  }

  private boolean isFill(double raw) {
    for (double fill : fills) {
      if (raw == fill) {
        return true;
      }
    }
    return false;
  }

  private static IntToDoubleFunction stored(Object array, boolean unsigned) {
    if (array instanceof byte[] a) {
      return unsigned ? i -> a[i] & 0xFF : i -> a[i];
    } else if (array instanceof short[] a) {
      return unsigned ? i -> a[i] & 0xFFFF : i -> a[i];
    } else if (array instanceof int[] a) {
      return unsigned ? i -> Integer.toUnsignedLong(a[i]) : i -> a[i];
    } else if (array instanceof long[] a) {
      return i -> (double) a[i];
    } else if (array instanceof float[] a) {
      return i -> a[i];
    } else if (array instanceof double[] a) {
      return i -> a[i];
    }
    throw new IllegalArgumentException("not numbers: " + array.getClass().getSimpleName());
  }

  /** The value of an attribute as a variable of this type would hold it. */
  private static double asStored(double value, Object array, boolean unsigned) {
    if (array instanceof float[]) {
      return (float) value;
    }
    if (unsigned && value < 0) {
      int bits = array instanceof byte[] ? 8 : array instanceof short[] ? 16 : 32;
      return value + Math.scalb(1.0, bits); // written as a signed number, for want of another type
    }
    return value;
  }

  /** The fill value of a variable that names none; see {@code netcdf.h}. */
  private static double[] defaultFill(Object array, boolean unsigned) {
    if (array instanceof short[]) {
      return new double[] {unsigned ? 65535 : -32767};
    } else if (array instanceof int[]) {
      return new double[] {unsigned ? 4294967295.0 : -2147483647};
    } else if (array instanceof long[]) {
      return new double[] {-0x1p63};
    } else if (array instanceof float[] || array instanceof double[]) {
      return new double[] {9.9692099683868690e36};
    }
    return new double[0];
  }
}
