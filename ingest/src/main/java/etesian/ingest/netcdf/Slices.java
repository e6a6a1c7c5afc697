package etesian.ingest.netcdf;

import java.nio.ByteBuffer;

/**
 * Puts the values of a variable where they belong: into one array a slice (a time, level and
 * expver), row 0 in the north, columns eastwards, whatever the order of dimensions in the file.
 * Each value is unpacked on its way, so that nothing is held beside the slices.
 */
final class Slices implements FileVariable.BlockTaker {
  private final Unpacking unpacking;
  private final float[][] slices; // each made when its first value comes, and still cached then
  private final int cells;
  private final int[] sliceSteps;
  private final int[] cellSteps;
  private final int firstCell;
  private float[] run = new float[0];

  /**
   * @param slices how many
   * @param cells of one
   * @param sliceSteps for each dimension of the variable, how many slices its next index is away
   * @param cellSteps and how many cells
   * @param firstCell where index 0 of all dimensions goes
   */
  Slices(
      Unpacking unpacking,
      int slices,
      int cells,
      int[] sliceSteps,
      int[] cellSteps,
      int firstCell) {
    this.unpacking = unpacking;
    this.slices = new float[slices][];
    this.cells = cells;
    this.sliceSteps = sliceSteps.clone();
    this.cellSteps = cellSteps.clone();
    this.firstCell = firstCell;
  }

  /** The cells of a slice; the array is not used here any more. */
  float[] cells(int slice) {
    float[] taken = slice(slice);
    slices[slice] = null;
    return taken;
  }

  private float[] slice(int i) {
    if (slices[i] == null) {
      slices[i] = new float[cells];
    }
    return slices[i];
  }

  /** The first value of the first slice that is not missing, NaN when there is none. */
  float sample() {
    if (slices.length > 0) {
      for (float value : slice(0)) {
        if (!Float.isNaN(value)) {
          return value;
        }
      }
    }
    return Float.NaN;
  }

  @Override
  public void take(ByteBuffer values, int[] origin, int[] lengths, int[] strides) {
    int slice = 0;
    int cell = firstCell;
    for (int d = 0; d < origin.length; d++) {
      slice += origin[d] * sliceSteps[d];
      cell += origin[d] * cellSteps[d];
    }
    // Trailing dimensions that are one even sequence in both orders are one run.
    int outer = lengths.length - 1;
    int length = lengths[outer];
    int sliceStep = sliceSteps[outer];
    int cellStep = cellSteps[outer];
    while (outer > 0 && strides[outer - 1] == length) {
      int d = outer - 1;
      if (length == 1) {
        sliceStep = sliceSteps[d];
        cellStep = cellSteps[d];
      } else if (lengths[d] > 1
          && (sliceSteps[d] != sliceStep * length || cellSteps[d] != cellStep * length)) {
        break;
      }
      length *= lengths[d];
      outer--;
    }
    if (run.length < length) {
      run = new float[length];
    }
    Block block = new Block(values, lengths, strides, outer, length, sliceStep, cellStep);
    put(block, 0, 0, slice, cell);
  }

  private record Block(
      ByteBuffer values,
      int[] lengths,
      int[] strides,
      int outer,
      int run,
      int sliceStep,
      int cellStep) {}

  private void put(Block block, int d, int at, int slice, int cell) {
    if (d < block.outer) {
      for (int i = 0; i < block.lengths[d]; i++) {
        put(
            block,
            d + 1,
            at + i * block.strides[d],
            slice + i * sliceSteps[d],
            cell + i * cellSteps[d]);
      }
    } else if (block.sliceStep == 0 && block.cellStep == 1) {
      unpacking.unpack(block.values, at, block.run, slice(slice), cell);
    } else {
      unpacking.unpack(block.values, at, block.run, run, 0);
      for (int i = 0; i < block.run; i++) {
        slice(slice + i * block.sliceStep)[cell + i * block.cellStep] = run[i];
      }
    }
  }
}
