package etesian.operators.m2no;

import etesian.operators.Tensor;
import java.util.Arrays;
import java.util.Set;

/**
 * Makes a grid divisible: every level of the V-cycle needs even sizes. Columns continue on the
 * other side when the grid goes round ({@code wrap}) and repeat the border column otherwise. Rows
 * beyond a pole are those on the opposite meridian, half a turn away; without a pole they repeat
 * the border row. What is added is split between both sides.
 *
 * @param rows rows of the grid itself
 * @param columns columns of the grid itself
 * @param wrap the last column is a neighbour of the first
 * @param multiple the padded sizes are multiples of this, a power of two; 1 adds nothing
 * @param poles where the poles lie; need {@code wrap} and an even number of columns
 * @param antisymmetric input channels that change their sign over a pole: components of a wind,
 *     whose east and north turn round there
 */
public record GridPadding(
    int rows, int columns, boolean wrap, int multiple, Poles poles, Set<Integer> antisymmetric) {
  public GridPadding {
    antisymmetric = Set.copyOf(antisymmetric);
    if (rows < 1 || columns < 1 || multiple < 1) {
      throw new IllegalArgumentException(
          String.format("a grid of %d x %d padded to multiples of %d", rows, columns, multiple));
    }
    if (poles != Poles.NONE && (!wrap || columns % 2 != 0)) {
      throw new IllegalArgumentException(
          String.format(
              "poles %s on a grid of %d columns (wrap %s): a pole has an opposite meridian only"
                  + " where an even number of columns goes round",
              poles, columns, wrap));
    }
  }

  /** A grid without poles. */
  public GridPadding(int rows, int columns, boolean wrap, int multiple) {
    this(rows, columns, wrap, multiple, Poles.NONE, Set.of());
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
    int channels = (int) shape[1];
    int planes = (int) shape[0] * channels;
    float[] from = input.values();
    float[] to = new float[planes * toRows * toColumns];
    int at = 0;
    for (int plane = 0; plane < planes; plane++) {
      boolean turns = antisymmetric.contains(plane % channels);
      for (int i = 0; i < toRows; i++) {
        int row = i - rowsBefore();
        boolean over = poles != Poles.NONE && (row < 0 || row >= rows);
        int start = (plane * rows + sourceRow(row)) * columns;
        int shift = over ? columns / 2 : 0;
        float sign = over && turns ? -1 : 1;
        for (int j = 0; j < toColumns; j++) {
          to[at++] = sign * from[start + sourceColumn(j - columnsBefore() + shift)];
        }
      }
    }
    return new Tensor(to, shape[0], shape[1], toRows, toColumns);
  }

  private int sourceRow(int row) {
    if (poles != Poles.NONE && (row < 0 || row >= rows)) {
      int first = poles == Poles.ON_ROWS ? -row : -row - 1;
      int last = poles == Poles.ON_ROWS ? 2 * (rows - 1) - row : 2 * rows - 1 - row;
      return clamp(row < 0 ? first : last, rows);
    }
    return clamp(row, rows);
  }

  private int sourceColumn(int column) {
    return wrap ? Math.floorMod(column, columns) : clamp(column, columns);
  }

  private static int clamp(int index, int size) {
    return Math.max(0, Math.min(index, size - 1));
  }
}
