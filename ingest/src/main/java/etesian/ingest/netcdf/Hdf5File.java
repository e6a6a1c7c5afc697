package etesian.ingest.netcdf;

import etesian.ingest.netcdf.Refusal.Reason;
import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.exceptions.HdfFilterException;
import io.jhdf.filter.PipelineFilterWithData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ucar.ma2.Array;
import ucar.ma2.ArrayChar;
import ucar.nc2.Attribute;
import ucar.nc2.Dimension;
import ucar.nc2.NetcdfFile;
import ucar.nc2.Variable;

/**
 * A NetCDF-4 file, but for the newest layout ({@link JhdfFile}). NetCDF-Java says what is in it and
 * reads text and what is rare; jHDF finds the bytes of large numeric variables, which {@link
 * Hdf5Chunks} unpacks several times faster than NetCDF-Java does.
 */
final class Hdf5File extends Netcdf4File {
  private static final int SUPERBLOCK_VERSION_AT = 8;
  private static final int LAST_KNOWN_SUPERBLOCK = 2;

  private final NetcdfFile structure;

  private Hdf5File(NetcdfFile structure, HdfFile storage) {
    super(storage);
    this.structure = structure;
    for (Variable variable : structure.getVariables()) {
      variables.add(new Hdf5Variable(variable));
    }
  }

  static DataFile open(ByteBuffer bytes, String name, Limits limits) throws IOException, Refusal {
    HdfFile storage = BoundedStorage.open(bytes);
    NetcdfFile structure;
    try {
      // First: NetCDF-Java takes whatever memory a damaged length names, our storage for jHDF does
      // not.
      checkStorage(storage, bytes.limit(), name, limits, 0);
      if (bytes.get(SUPERBLOCK_VERSION_AT) > LAST_KNOWN_SUPERBLOCK) {
        return new JhdfFile(storage);
      }
      structure = NetcdfFile.open(new BoundedFile(name, bytes), name, null, null);
    } catch (RuntimeException | IOException | Error | Refusal e) {
      storage.close();
      throw e;
    }
    return new Hdf5File(structure, storage);
  }

  @Override
  public void close() throws IOException {
    super.close();
    structure.close();
  }

  /**
   * Refuses what is compressed in a way that is not read here, which NetCDF-Java would leave out in
   * silence, and chunks and attributes that are larger than what the file can hold.
   */
  private static void checkStorage(
      Group group, long fileBytes, String name, Limits limits, int depth)
      throws Refusal, IOException {
    if (depth > limits.maxNesting()) {
      throw Limits.tooLarge("%s has groups nested deeper than %d", name, limits.maxNesting());
    }
    checkAttributes(group, fileBytes);
    for (Node node : group.getChildren().values()) {
      if (node instanceof Group child && !node.isLink()) {
        checkStorage(child, fileBytes, name, limits, depth + 1);
      } else if (node instanceof Dataset dataset && !node.isLink()) {
        checkAttributes(dataset, fileBytes);
        if (dataset instanceof ChunkedDataset chunked) {
          limits.checkChunk(
              chunked.getChunkDimensions(),
              Math.max(1, dataset.getDataType().getSize()),
              fileBytes,
              name);
        }
        checkFilters(dataset, name);
      }
    }
  }

  private static void checkFilters(Dataset dataset, String name) throws Refusal {
    String filter = null;
    try {
      for (PipelineFilterWithData one : dataset.getFilters()) {
        // jHDF knows some more, which NetCDF-Java does not
        filter = Hdf5Chunks.undoes(one.getId()) ? filter : filterName(one.getId(), one.getName());
      }
    } catch (HdfFilterException e) {
      filter = filterName(e);
    }
    if (filter != null) {
      throw new Refusal(
          Reason.UNSUPPORTED_FORMAT,
          String.format(
              "%s: %s is compressed by %s; expected deflate, with or without shuffle and"
                  + " fletcher32; rewrite it, for instance with 'nccopy -F none -d 4 -s'",
              name, dataset.getPath(), filter));
    }
  }

  /** NetCDF-Java would take the memory that they claim before it looks for their values. */
  private static void checkAttributes(Node node, long fileBytes) throws IOException {
    for (io.jhdf.api.Attribute attribute : node.getAttributes().values()) {
      long values = 1;
      for (int length : attribute.getDimensions()) {
        values = values > fileBytes ? values : values * Math.max(length, 1);
      }
      if (values > fileBytes) { // of one byte each at least
        throw new IOException(
            String.format(
                "the attribute %s of %s claims %d values, more than the file has bytes",
                attribute.getName(), node.getPath(), values));
      }
    }
  }

  /** HDF5 gives some filters no name in the file: 4 is szip. */
  private static String filterName(HdfFilterException e) {
    String said = String.valueOf(e.getMessage());
    int id = said.indexOf("id=");
    String number = id < 0 ? "" : said.substring(id + 3).replaceAll("\\D.*", "");
    return filterName(number.isEmpty() ? -1 : Integer.parseInt(number), said);
  }

  /** As <a href="https://github.com/HDFGroup/hdf5_plugins">registered with the HDF Group</a>. */
  private static String filterName(int id, String otherwise) {
    return switch (id) {
      case 4 -> "szip";
      case 5 -> "nbit";
      case 6 -> "scaleoffset";
      case 305 -> "lzo";
      case 307 -> "bzip2";
      case 32000 -> "lzf";
      case 32001 -> "blosc";
      case 32004 -> "lz4";
      case 32008 -> "bitshuffle";
      case 32013 -> "zfp";
      case 32015 -> "zstd";
      case 32026 -> "blosc2";
      default -> "an unknown filter (" + otherwise + ")";
    };
  }

  /** Without the backslashes that NetCDF-Java puts before dots. */
  private static String name(Variable variable) {
    String name = variable.getShortName();
    ucar.nc2.Group group = variable.getParentGroup();
    while (group != null && !group.isRoot()) {
      name = group.getShortName() + "/" + name;
      group = group.getParentGroup();
    }
    return name;
  }

  private static List<FileVariable.FileDimension> dimensions(Variable variable) {
    List<FileVariable.FileDimension> dimensions = new ArrayList<>();
    for (int d = 0; d < variable.getRank(); d++) {
      Dimension dimension = variable.getDimension(d);
      if (dimension.isVariableLength()) {
        continue; // another one in each cell
      }
      String name = dimension.getShortName() == null ? "" : dimension.getShortName();
      String key =
          !dimension.isShared()
              ? variable.getFullName() + "#" + d
              : dimension.getGroup() == null || dimension.getGroup().isRoot()
                  ? name
                  : dimension.getGroup().getFullName() + "/" + name;
      dimensions.add(new FileVariable.FileDimension(name, dimension.getLength(), key));
    }
    return dimensions;
  }

  private static StoredType type(Variable variable) {
    if (variable.isVariableLength()) {
      return StoredType.OTHER;
    }
    StoredType type =
        switch (variable.getDataType()) {
          case BYTE -> StoredType.INT8;
          case CHAR -> StoredType.CHAR;
          case SHORT -> StoredType.INT16;
          case INT -> StoredType.INT32;
          case LONG -> StoredType.INT64;
          case FLOAT -> StoredType.FLOAT32;
          case DOUBLE -> StoredType.FLOAT64;
          case STRING -> StoredType.TEXT;
          default -> StoredType.OTHER;
        };
    return variable.isUnsigned() ? type.unsigned() : type;
  }

  private static Map<String, Object> attributes(Variable variable) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    for (Attribute attribute : variable.getAttributes()) {
      if (attribute.isString()) {
        String text = attribute.getStringValue();
        attributes.put(attribute.getShortName(), text == null ? "" : text);
      } else if (attribute.getDataType() != null && attribute.getDataType().isNumeric()) {
        double[] numbers = new double[attribute.getLength()];
        for (int i = 0; i < numbers.length; i++) {
          Number number = attribute.getNumericValue(i);
          numbers[i] = number == null ? Double.NaN : number.doubleValue();
        }
        attributes.put(
            attribute.getShortName(),
            new Attributes.Numbers(numbers, attribute.getDataType().isFloatingPoint()));
      }
    }
    return attributes;
  }

  private final class Hdf5Variable extends FileVariable {
    private final Variable variable;

    Hdf5Variable(Variable variable) {
      super(
          Hdf5File.name(variable),
          Hdf5File.dimensions(variable),
          Hdf5File.type(variable),
          Hdf5File.attributes(variable));
      this.variable = variable;
    }

    @Override
    void blocks(BlockTaker taker) throws IOException {
      if (!Hdf5Chunks.of(storage, this).read(taker)) {
        int[] shape = shape();
        taker.take(readByLibrary(), new int[shape.length], shape, strides(shape));
      }
    }

    private ByteBuffer readByLibrary() throws IOException {
      Object array = variable.read().copyTo1DJavaArray();
      ByteBuffer values =
          ByteBuffer.allocate(Math.multiplyExact(size(), type().width()))
              .order(ByteOrder.nativeOrder());
      if (array instanceof long[] numbers) {
        values.asLongBuffer().put(numbers);
      } else {
        StoredType.of(array).put(array, values.duplicate().order(values.order()));
      }
      return values;
    }

    @Override
    String[] texts() throws IOException {
      Array array = variable.read();
      if (array.getElementType() == char.class) {
        array = ((ArrayChar) array).make1DStringArray();
      }
      String[] texts = new String[(int) array.getSize()];
      for (int i = 0; i < texts.length; i++) {
        texts[i] = String.valueOf(array.getObject(i)).strip();
      }
      return texts;
    }
  }
}
