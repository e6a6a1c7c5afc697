package etesian.ingest.netcdf;

import etesian.ingest.netcdf.FileVariable.FileDimension;
import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import io.jhdf.object.datatype.OrderedDataType;
import io.jhdf.object.datatype.StringData;
import io.jhdf.object.datatype.VariableLength;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A NetCDF-4 file by jHDF alone: for the layout of HDF5 1.10 and later ("superblock 3", what h5py
 * and h5netcdf write with {@code libver='latest'}), which NetCDF-Java 4.5.5 does not know.
 *
 * <p>Dimensions are what NetCDF-4 makes of them: a dataset is one when it is a dimension scale,
 * others name theirs in {@code DIMENSION_LIST}, by the address of the scale; see <a
 * href="https://docs.unidata.ucar.edu/netcdf-c/current/file_format_specifications.html">NetCDF file
 * format specifications</a>.
 */
final class JhdfFile extends Netcdf4File {
  private static final String NON_COORDINATE = "_nc4_non_coord_";

  /** A dimension without a coordinate is a scale of this name and nothing else. */
  private static final String NO_VARIABLE = "This is a netCDF dimension but not a netCDF variable";

  /** How the dimensions are stored, and what NetCDF-C notes for itself. */
  private static final Set<String> INNER =
      Set.of("CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST", "_Netcdf4Dimid");

  private final Map<Long, Dataset> scales = new HashMap<>();

  /**
   * @param storage checked already; closed with this
   */
  JhdfFile(HdfFile storage) {
    super(storage);
    findScales(storage);
    findVariables(storage);
  }

  private void findScales(Group group) {
    for (Node node : group.getChildren().values()) {
      if (node instanceof Dataset dataset && !node.isLink()) {
        if (text(dataset, "CLASS").equals("DIMENSION_SCALE")) {
          scales.put(dataset.getAddress(), dataset);
        }
      } else if (node instanceof Group child && !node.isLink()) {
        findScales(child);
      }
    }
  }

  private void findVariables(Group group) {
    for (Node node : group.getChildren().values()) {
      if (node instanceof Dataset dataset && !node.isLink()) {
        if (!text(dataset, "NAME").startsWith(NO_VARIABLE)) {
          variables.add(new JhdfVariable(dataset));
        }
      } else if (node instanceof Group child && !node.isLink()) {
        findVariables(child);
      }
    }
  }

  private List<FileDimension> dimensions(Dataset dataset) {
    int[] shape = dataset.getDimensions();
    boolean isScale = scales.containsKey(dataset.getAddress()) && shape.length == 1;
    Attribute listed = dataset.getAttribute("DIMENSION_LIST");
    Object[] references = listed != null && listed.getData() instanceof Object[] all ? all : null;
    List<FileDimension> dimensions = new ArrayList<>();
    for (int d = 0; d < shape.length; d++) {
      Dataset scale = isScale ? dataset : null;
      if (references != null && references.length == shape.length) {
        Object addresses = references[d];
        boolean any = addresses != null && addresses.getClass().isArray();
        scale = any && Array.getLength(addresses) > 0 ? scales.get(address(addresses)) : null;
      }
      dimensions.add(
          scale == null
              ? new FileDimension("", shape[d], dataset.getPath() + "#" + d)
              : new FileDimension(name(scale.getName()), length(scale, shape[d]), scale.getPath()));
    }
    return dimensions;
  }

  /** Records that a variable does not have yet are those of its dimension all the same. */
  private static int length(Dataset scale, int length) {
    int[] shape = scale.getDimensions();
    return shape.length == 1 ? Math.max(shape[0], length) : length;
  }

  /** The first of the scales of a dimension. */
  private static long address(Object addresses) {
    return ((Number) Array.get(addresses, 0)).longValue();
  }

  private static String name(String stored) {
    return stored.startsWith(NON_COORDINATE) ? stored.substring(NON_COORDINATE.length()) : stored;
  }

  private static String fullName(Dataset dataset) {
    String path = dataset.getPath();
    int name = path.lastIndexOf('/') + 1;
    return path.substring(1, name) + name(path.substring(name));
  }

  private static StoredType type(DataType type) {
    if (type instanceof FixedPoint number) {
      StoredType signed =
          switch (number.getSize()) {
            case 1 -> StoredType.INT8;
            case 2 -> StoredType.INT16;
            case 4 -> StoredType.INT32;
            case 8 -> StoredType.INT64;
            default -> StoredType.OTHER;
          };
      return number.isSigned() ? signed : signed.unsigned();
    } else if (type instanceof FloatingPoint) {
      return type.getSize() == 4
          ? StoredType.FLOAT32
          : type.getSize() == 8 ? StoredType.FLOAT64 : StoredType.OTHER;
    } else if (type instanceof StringData) {
      return type.getSize() == 1 ? StoredType.CHAR : StoredType.TEXT;
    }
    return type instanceof VariableLength text && text.isVariableLengthString()
        ? StoredType.TEXT
        : StoredType.OTHER;
  }

  private static Map<String, Object> attributes(Dataset dataset) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    for (Attribute attribute : dataset.getAttributes().values()) {
      if (INNER.contains(attribute.getName()) || attribute.isEmpty()) {
        continue;
      }
      Object value = flat(attribute.getData());
      Object first = Array.getLength(value) == 0 ? null : Array.get(value, 0);
      if (first instanceof String text) {
        attributes.put(attribute.getName(), text);
      } else if (first instanceof Number) {
        double[] numbers = new double[Array.getLength(value)];
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] = ((Number) Array.get(value, i)).doubleValue();
        }
        boolean floating = first instanceof Float || first instanceof Double;
        attributes.put(attribute.getName(), new Attributes.Numbers(numbers, floating));
      }
    }
    return attributes;
  }

  /** An array of one dimension, also of a single value. */
  private static Object flat(Object value) {
    return value.getClass().isArray() ? value : new Object[] {value};
  }

  private static String text(Dataset dataset, String attribute) {
    Attribute found = dataset.getAttribute(attribute);
    boolean any = found != null && !found.isEmpty() && found.getSize() > 0;
    return any && Array.get(flat(found.getData()), 0) instanceof String text ? text : "";
  }

  private final class JhdfVariable extends FileVariable {
    private final Dataset dataset;

    JhdfVariable(Dataset dataset) {
      super(
          JhdfFile.fullName(dataset),
          JhdfFile.this.dimensions(dataset),
          JhdfFile.type(dataset.getDataType()),
          JhdfFile.attributes(dataset));
      this.dataset = dataset;
    }

    @Override
    void blocks(BlockTaker taker) throws IOException {
      int[] shape = shape();
      int[] written = dataset.getDimensions();
      if (!Arrays.equals(shape, written)) {
        take(taker, shape, new Object[0]);
      }
      boolean any = Arrays.stream(written).allMatch(length -> length > 0);
      if (any && !Hdf5Chunks.of(dataset, written, type()).read(taker)) {
        Object values = dataset.getDataFlat(); // from within the header, null if there are none
        take(taker, written, values == null ? new Object[0] : flat(values));
      }
    }

    /** Values, and fill values where there are no more. */
    private void take(BlockTaker taker, int[] shape, Object numbers) throws IOException {
      int count = 1;
      for (int length : shape) {
        count = Math.multiplyExact(count, length);
      }
      int known = Array.getLength(numbers);
      Number fill = dataset.getFillValue() instanceof Number number ? number : 0;
      ByteBuffer values =
          ByteBuffer.allocate(Math.multiplyExact(count, type().width()))
              .order(((OrderedDataType) dataset.getDataType()).getByteOrder());
      for (int i = 0; i < count; i++) {
        type().put(i < known ? (Number) Array.get(numbers, i) : fill, values);
      }
      taker.take(values.rewind(), new int[shape.length], shape, strides(shape));
    }

    @Override
    String[] texts() {
      Object all = flat(dataset.getDataFlat());
      int[] shape = shape();
      int length = type() == StoredType.CHAR && shape.length > 0 ? shape[shape.length - 1] : 1;
      String[] texts = new String[length == 0 ? 0 : Array.getLength(all) / length];
      for (int i = 0; i < texts.length; i++) {
        StringBuilder text = new StringBuilder();
        for (int c = 0; c < length; c++) {
          text.append(Array.get(all, i * length + c));
        }
        texts[i] = text.toString().strip();
      }
      return texts;
    }
  }
}
