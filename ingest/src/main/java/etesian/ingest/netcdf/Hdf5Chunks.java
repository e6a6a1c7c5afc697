package etesian.ingest.netcdf;

import etesian.ingest.netcdf.FileVariable.BlockTaker;
import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.exceptions.HdfException;
import io.jhdf.filter.PipelineFilterWithData;
import io.jhdf.object.datatype.OrderedDataType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The numeric values of an HDF5 dataset, chunk by chunk: each is inflated once into the same
 * scratch memory, its bytes are put back in order, and it is handed on before the next.
 *
 * <p>Filters: shuffle (byte k of all values lies together), deflate and fletcher32, in the order
 * that the file names; see the <a
 * href="https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html">HDF5 file format</a>.
 */
final class Hdf5Chunks {
  private static final int DEFLATE = 1;
  private static final int SHUFFLE = 2;
  private static final int FLETCHER32 = 3;

  private final Dataset dataset; // null when this way is not open
  private final int[] shape;
  private final StoredType type;
  private final int width;

  private Hdf5Chunks(Dataset dataset, int[] shape, StoredType type) {
    this.dataset = dataset;
    this.shape = shape;
    this.type = type;
    this.width = type.width();
  }

  /** Whether the filter with a number is one of those above. */
  static boolean undoes(int filter) {
    return filter >= DEFLATE && filter <= FLETCHER32;
  }

  static Hdf5Chunks of(HdfFile file, FileVariable variable) {
    Dataset dataset = null;
    try {
      dataset = file.getDatasetByPath("/" + variable.fullName());
    } catch (HdfException e) {
      // NetCDF gives a variable another name in HDF5 when a dimension has its own
    }
    return of(dataset, variable.shape(), variable.type());
  }

  /**
   * @param dataset null when it is not found
   */
  static Hdf5Chunks of(Dataset dataset, int[] shape, StoredType type) {
    boolean fits =
        dataset != null
            && Arrays.equals(dataset.getDimensions(), shape) // else records are not yet written
            && dataset.getDataType() instanceof OrderedDataType
            && dataset.getDataType().getSize() == type.width();
    return new Hdf5Chunks(fits ? dataset : null, shape, type);
  }

  /**
   * @return false, with nothing taken, when the library has to read this one
   */
  boolean read(BlockTaker taker) throws IOException {
    if (dataset instanceof ContiguousDataset contiguous && shape.length > 0) {
      if (contiguous.getDataAddress() < 0) {
        return false; // never written
      }
      ByteBuffer values = contiguous.getBuffer();
      if (values == null || values.remaining() != bytes(shape)) {
        return false;
      }
      taker.take(
          values.slice().order(order()), new int[shape.length], shape, FileVariable.strides(shape));
      return true;
    }
    if (dataset instanceof ChunkedDataset chunked) {
      List<Integer> filters =
          chunked.getFilters().stream().map(PipelineFilterWithData::getId).toList();
      int[] chunk = chunked.getChunkDimensions();
      return chunk.length == shape.length
          && filters.stream().allMatch(Hdf5Chunks::undoes)
          && readChunks(chunked, chunk, filters, taker);
    }
    return false;
  }

  private boolean readChunks(
      ChunkedDataset chunked, int[] chunk, List<Integer> filters, BlockTaker taker)
      throws IOException {
    int length = Math.toIntExact(bytes(chunk));
    int most = length + (filters.contains(FLETCHER32) ? Fletcher32.BYTES : 0);
    byte[] inflated = new byte[most];
    byte[] ordered = new byte[filters.contains(SHUFFLE) && width > 1 ? most : 0];
    int[] strides = FileVariable.strides(chunk);
    int[] origin = new int[shape.length];
    int[] lengths = new int[shape.length];
    Inflater inflater = new Inflater();
    try {
      do {
        for (int d = 0; d < lengths.length; d++) {
          lengths[d] = Math.min(chunk[d], shape[d] - origin[d]);
        }
        ByteBuffer raw = raw(chunked, origin);
        ByteBuffer values =
            raw == null
                ? fill(inflated, length)
                : decode(raw, length, filters, inflater, inflated, ordered);
        taker.take(values.order(order()), origin, lengths, strides);
      } while (next(origin, chunk));
    } finally {
      inflater.end();
    }
    return true;
  }

  /** Null for a chunk that was never written. */
  private static ByteBuffer raw(ChunkedDataset chunked, int[] origin) {
    try {
      return chunked.getRawChunkBuffer(origin);
    } catch (HdfException e) {
      if (String.valueOf(e.getMessage()).startsWith("No chunk with offset")) {
        return null;
      }
      throw e;
    }
  }

  /** The fill value that the file names, zeros without one. */
  private ByteBuffer fill(byte[] chunk, int length) {
    ByteBuffer values = ByteBuffer.wrap(chunk, 0, length).order(order());
    Number fill = dataset.getFillValue() instanceof Number number ? number : 0;
    while (values.hasRemaining()) {
      type.put(fill, values);
    }
    return values.rewind();
  }

  /** Undoes the filters, the last one first; what one of them gives fills its memory anew. */
  private ByteBuffer decode(
      ByteBuffer raw,
      int length,
      List<Integer> filters,
      Inflater inflater,
      byte[] inflated,
      byte[] ordered)
      throws IOException {
    ByteBuffer left = raw.slice();
    for (int i = filters.size() - 1; i >= 0; i--) {
      // A checksum may be taken before the values are compressed, or afterwards.
      int total = length + (filters.subList(0, i).contains(FLETCHER32) ? Fletcher32.BYTES : 0);
      int filter = filters.get(i);
      if (filter == FLETCHER32) {
        left = Fletcher32.verified(left);
      } else if (filter == DEFLATE) {
        inflate(left, inflater, inflated, total);
        left = ByteBuffer.wrap(inflated, 0, total);
      } else if (width > 1) {
        checkLength(left, total);
        if (!left.hasArray() || left.array() != inflated) {
          left.get(inflated, 0, total);
        }
        unshuffle(inflated, ordered, total);
        left = ByteBuffer.wrap(ordered, 0, total);
      }
    }
    checkLength(left, length);
    return left.slice();
  }

  private static void checkLength(ByteBuffer chunk, int length) throws IOException {
    if (chunk.remaining() != length) {
      throw new IOException("a chunk has " + chunk.remaining() + " bytes, expected " + length);
    }
  }

  private static void inflate(ByteBuffer raw, Inflater inflater, byte[] into, int length)
      throws IOException {
    inflater.reset();
    inflater.setInput(raw.duplicate());
    try {
      int got = 0;
      while (got < length) {
        int n = inflater.inflate(into, got, length - got);
        if (n == 0) {
          throw new IOException("a chunk ends after " + got + " of " + length + " bytes");
        }
        got += n;
      }
    } catch (DataFormatException e) {
      if (raw.remaining() != length) {
        throw new IOException("a chunk cannot be inflated: " + e.getMessage(), e);
      }
      raw.duplicate()
          .get(
              into, 0,
              length); // some writers leave a chunk as it is when deflate does not make it smaller
    }
  }

  /** Byte k of value i lies at k times the number of values, plus i. */
  private void unshuffle(byte[] from, byte[] to, int length) {
    int n = length / width;
    if (width == 2) {
      for (int i = 0; i < n; i++) {
        to[2 * i] = from[i];
        to[2 * i + 1] = from[n + i];
      }
    } else if (width == 4) {
      for (int i = 0; i < n; i++) {
        to[4 * i] = from[i];
        to[4 * i + 1] = from[n + i];
        to[4 * i + 2] = from[2 * n + i];
        to[4 * i + 3] = from[3 * n + i];
      }
    } else {
      for (int k = 0; k < width; k++) {
        for (int i = 0; i < n; i++) {
          to[i * width + k] = from[k * n + i];
        }
      }
    }
    System.arraycopy(from, n * width, to, n * width, length - n * width); // part of a checksum
  }

  /** The origin of the next chunk in stored order. */
  private boolean next(int[] origin, int[] chunk) {
    for (int d = origin.length - 1; d >= 0; d--) {
      origin[d] += chunk[d];
      if (origin[d] < shape[d]) {
        return true;
      }
      origin[d] = 0;
    }
    return false;
  }

  private long bytes(int[] lengths) {
    long bytes = width;
    for (int length : lengths) {
      bytes = Math.multiplyExact(bytes, length);
    }
    return bytes;
  }

  private ByteOrder order() {
    return ((OrderedDataType) dataset.getDataType()).getByteOrder();
  }
}
