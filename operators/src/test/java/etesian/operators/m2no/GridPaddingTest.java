package etesian.operators.m2no;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.operators.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class GridPaddingTest {
  private static final Tensor ROW = new Tensor(new float[] {1, 2, 3, 4, 5}, 1, 1, 1, 5);

  @Test
  void columnsGoRoundTheGlobe() {
    assertThat(new GridPadding(1, 5, true, 8).pad(ROW).values())
        .startsWith(5, 1, 2, 3, 4, 5, 1, 2)
        .hasSize(64);
  }

  @Test
  void columnsOfARegionRepeatTheBorder() {
    assertThat(new GridPadding(1, 5, false, 8).pad(ROW).values())
        .startsWith(1, 1, 2, 3, 4, 5, 5, 5);
  }

  @Test
  void rowsRepeatTheBorder() {
    Tensor column = new Tensor(new float[] {1, 2, 3}, 1, 1, 3, 1);
    Tensor padded = new GridPadding(3, 1, true, 4).pad(column);
    assertThat(padded.shape()).containsExactly(1, 1, 4, 4);
    assertThat(padded.values()).containsExactly(1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3);
  }

  @Test
  void aDivisibleGridIsLeftAlone() {
    Tensor x = new Tensor(new float[32], 2, 1, 4, 4);
    assertThat(new GridPadding(4, 4, true, 4).pad(x)).isSameAs(x);
  }

  @Property(tries = 100)
  void thePaddedGridIsDivisibleAndHoldsTheGrid(
      @ForAll @IntRange(min = 1, max = 30) int rows,
      @ForAll @IntRange(min = 1, max = 30) int columns,
      @ForAll @IntRange(max = 4) int levels,
      @ForAll boolean wrap) {
    GridPadding grid = new GridPadding(rows, columns, wrap, 1 << levels);
    float[] values = new float[2 * rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    Tensor padded = grid.pad(new Tensor(values, 2, 1, rows, columns));
    int height = grid.paddedRows();
    int width = grid.paddedColumns();
    assertThat(height % (1 << levels)).isZero();
    assertThat(width % (1 << levels)).isZero();
    for (int s = 0; s < 2; s++) {
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          int at = (s * height + i + grid.rowsBefore()) * width + j + grid.columnsBefore();
          assertThat(padded.values()[at]).isEqualTo((s * rows + i) * columns + j);
        }
      }
    }
  }

  @Test
  void anotherGridIsRefused() {
    assertThatThrownBy(() -> new GridPadding(4, 5, true, 2).pad(ROW))
        .hasMessage("input of shape [1, 1, 1, 5], expected (batch, channels, 4, 5)");
  }
}
