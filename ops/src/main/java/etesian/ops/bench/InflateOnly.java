package etesian.ops.bench;

import io.jhdf.HdfFile;
import io.jhdf.api.dataset.ChunkedDataset;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates and unshuffles the chunks of a variable, along its first dimension, and nothing else.
 */
final class InflateOnly implements Runnable {
  private final List<byte[]> chunks = new ArrayList<>();
  private final byte[] inflated;
  private final byte[] ordered;
  private final int width;

  InflateOnly(byte[] file, String variable) {
    try (HdfFile hdf = HdfFile.fromBytes(file)) {
      ChunkedDataset dataset = (ChunkedDataset) hdf.getDatasetByPath("/" + variable);
      int[] chunk = dataset.getChunkDimensions();
      int[] shape = dataset.getDimensions();
      width = dataset.getDataType().getSize();
      int values = 1;
      for (int d = 0; d < chunk.length; d++) {
        if (d > 0 && chunk[d] != shape[d]) {
          throw new IllegalStateException("chunks are expected to be whole time steps");
        }
        values *= chunk[d];
      }
      int[] origin = new int[shape.length];
      for (; origin[0] < shape[0]; origin[0] += chunk[0]) {
        var raw = dataset.getRawChunkBuffer(origin);
        byte[] bytes = new byte[raw.remaining()];
        raw.get(bytes);
        chunks.add(bytes);
      }
      if (width != 2 && width != 4) {
        throw new IllegalStateException("values of 2 or 4 bytes are expected, found " + width);
      }
      inflated = new byte[values * width];
      ordered = new byte[values * width];
    }
  }

  @Override
  public void run() {
    Inflater inflater = new Inflater();
    try {
      for (byte[] chunk : chunks) {
        inflater.reset();
        inflater.setInput(chunk);
        int got = 0;
        while (got < inflated.length) {
          got += inflater.inflate(inflated, got, inflated.length - got);
        }
        unshuffle();
      }
    } catch (DataFormatException e) {
      throw new IllegalStateException(e);
    } finally {
      inflater.end();
    }
  }

  private void unshuffle() {
    int n = inflated.length / width;
    if (width == 2) {
      for (int i = 0; i < n; i++) {
        ordered[2 * i] = inflated[i];
        ordered[2 * i + 1] = inflated[n + i];
      }
    } else {
      for (int i = 0; i < n; i++) {
        ordered[4 * i] = inflated[i];
        ordered[4 * i + 1] = inflated[n + i];
        ordered[4 * i + 2] = inflated[2 * n + i];
        ordered[4 * i + 3] = inflated[3 * n + i];
      }
    }
  }
}
