package etesian.operators.m2no;

import etesian.operators.Tensor;
import java.util.Arrays;

/**
 * Makes a grid divisible: every level of the V-cycle needs even sizes. Rows beyond the border
 * repeat the border row; columns continue on the other side when the grid goes round ({@code wrap})
 * and repeat the border column otherwise. What is added is split between both sides.
 *
 * @param rows rows of the grid itself
 * @param columns columns of the grid itself
 * @param wrap the last column is a neighbour of the first
 * @param multiple the padded sizes are multiples of this, a power of two; 1 adds nothing
 */
public record GridPadding(int rows, int columns, boolean wrap, int multiple) {
  public GridPadding {
    if (rows < 1 || columns < 1 || multiple < 1) {
      throw new IllegalArgumentException(
          String.format("a grid of %d x %d padded to multiples of %d", rows, columns, multiple));
    }
  }

  /** No padding. */
  public static GridPadding exact(int rows, int columns) {
    return new GridPadding(rows, columns, false, 1);
  }

  public int paddedRows() {
    return padded(rows);
  }

  public int paddedColumns() {
    return padded(columns);
  }

  int rowsBefore() {
    return (paddedRows() - rows) / 2;
  }

  int columnsBefore() {
    return (paddedColumns() - columns) / 2;
  }

  private int padded(int size) {
    return (size + multiple - 1) / multiple * multiple;
  }

  /**
   * @param input shape (batch, channels, rows, columns)
   * @return shape (batch, channels, paddedRows, paddedColumns); the input itself if nothing is
   *     added
   * @throws IllegalArgumentException the input lies on another grid
   */
  public Tensor pad(Tensor input) {
    long[] shape = input.shape();
    if (shape.length != 4 || shape[2] != rows || shape[3] != columns) {
      throw new IllegalArgumentException(
          String.format(
              "input of shape %s, expected (batch, channels, %d, %d)",
              Arrays.toString(shape), rows, columns));
    }
    int toRows = paddedRows();
    int toColumns = paddedColumns();
    if (toRows == rows && toColumns == columns) {
      return input;
    }
    int planes = (int) (shape[0] * shape[1]);
    float[] from = input.values();
    float[] to = new float[planes * toRows * toColumns];
    int[] sourceColumn = new int[toColumns];
    for (int j = 0; j < toColumns; j++) {
      int column = j - columnsBefore();
      sourceColumn[j] = wrap ? Math.floorMod(column, columns) : clamp(column, columns);
    }
    int at = 0;
    for (int plane = 0; plane < planes; plane++) {
      for (int i = 0; i < toRows; i++) {
        int row = (plane * rows + clamp(i - rowsBefore(), rows)) * columns;
        for (int j = 0; j < toColumns; j++) {
          to[at++] = from[row + sourceColumn[j]];
        }
      }
    }
    return new Tensor(to, shape[0], shape[1], toRows, toColumns);
  }

  private static int clamp(int index, int size) {
    return Math.max(0, Math.min(index, size - 1));
  }
}
