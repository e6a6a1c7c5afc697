package etesian.operators.fourier;

import etesian.operators.Tensor;
import java.util.Arrays;

/**
 * Cuts a field into patches that go through a network one by one, so that a large grid needs the
 * memory of a small one. Each patch sees a margin of its neighbours, and its wider surroundings on
 * coarser grids as further channels: of level j every 2^j-th cell, a window of as many cells around
 * the middle of the patch. Both axes go round. The multi-grid patching of NeuralOperator
 * (Multi-Grid Tensorised Fourier Neural Operator, Kossaifi and others, 2023), right on any level.
 *
 * @param rows of the whole grid, a multiple of 2^levels
 * @param columns of the whole grid, a multiple of 2^levels
 * @param levels of context; there are 2^levels patches on each axis
 * @param margin cells on each side of a patch, as a share of the whole axis
 */
public record Patches(int rows, int columns, int levels, double margin) {
  public Patches {
    int parts = 1 << levels;
    if (levels < 1 || rows % parts != 0 || columns % parts != 0 || !(margin >= 0 && margin < 1)) {
      throw new IllegalArgumentException(
          String.format(
              "a grid of %d x %d in patches of %d levels with margin %s: expected sizes that are"
                  + " multiples of %d, and a share below 1",
              rows, columns, levels, margin, parts));
    }
  }

  private int parts() {
    return 1 << levels;
  }

  private int marginOf(int size) {
    return (int) Math.rint(margin * size);
  }

  /**
   * @param fields shape (batch, channels, rows, columns)
   * @return shape (batch parts parts, channels (1 + levels), rows and columns of a patch with its
   *     margins), the patches of a sample one after the other, row by row
   */
  public Tensor split(Tensor fields) {
    long[] shape = fields.shape();
    check(fields, shape[0], shape[1], rows, columns);
    int parts = parts();
    int channels = (int) shape[1];
    int height = rows / parts + 2 * marginOf(rows);
    int width = columns / parts + 2 * marginOf(columns);
    int patches = (int) shape[0] * parts * parts;
    float[] to = new float[patches * channels * (1 + levels) * height * width];
    int at = 0;
    for (int patch = 0; patch < patches; patch++) {
      int sample = patch / (parts * parts);
      for (int plane = 0; plane < channels * (1 + levels); plane++) {
        int level = plane / channels;
        int from = (sample * channels + plane % channels) * rows * columns;
        int row = start(patch / parts % parts, rows, level);
        int column = start(patch % parts, columns, level);
        for (int i = 0; i < height; i++) {
          int line = from + coarse(row + i, rows, level) * columns;
          for (int j = 0; j < width; j++) {
            to[at++] = fields.values()[line + coarse(column + j, columns, level)];
          }
        }
      }
    }
    return new Tensor(to, patches, (long) channels * (1 + levels), height, width);
  }

  /** Where the window of a patch begins on the grid of a level. */
  private int start(int patch, int size, int level) {
    int cells = size / parts();
    if (level == 0) {
      return patch * cells - marginOf(size);
    }
    int window = cells + 2 * marginOf(size);
    return Math.floorDiv(2 * patch * cells + cells - (window << level), 2 << level);
  }

  private static int coarse(int cell, int size, int level) {
    return Math.floorMod(cell << level, size);
  }

  /**
   * The whole fields from what a network made of the patches, without their margins.
   *
   * @param patches shape (batch parts parts, channels, rows and columns as of {@link #split})
   * @return shape (batch, channels, rows, columns)
   */
  public Tensor join(Tensor patches) {
    long[] shape = patches.shape();
    int parts = parts();
    int top = marginOf(rows);
    int left = marginOf(columns);
    int height = rows / parts + 2 * top;
    int width = columns / parts + 2 * left;
    check(patches, shape[0], shape[1], height, width);
    if (shape[0] % ((long) parts * parts) != 0) {
      throw new IllegalArgumentException(
          shape[0] + " patches, expected a multiple of " + parts * parts);
    }
    int channels = (int) shape[1];
    int samples = (int) shape[0] / (parts * parts);
    float[] to = new float[samples * channels * rows * columns];
    for (int i = 0; i < to.length; i++) {
      int column = i % columns;
      int row = i / columns % rows;
      int plane = i / (rows * columns);
      int patch =
          (plane / channels * parts + row / (rows / parts)) * parts + column / (columns / parts);
      int line =
          ((patch * channels + plane % channels) * height + top + row % (rows / parts)) * width;
      to[i] = patches.values()[line + left + column % (columns / parts)];
    }
    return new Tensor(to, samples, channels, rows, columns);
  }

  private static void check(Tensor given, long... expected) {
    if (!Arrays.equals(given.shape(), expected)) {
      throw new IllegalArgumentException(
          given + ", expected the sizes " + expected[2] + " x " + expected[3] + " of the grid");
    }
  }
}
