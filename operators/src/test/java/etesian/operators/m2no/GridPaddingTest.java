package etesian.operators.m2no;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.operators.Tensor;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  /** The row before the first lies beyond the pole: on the opposite meridian, two columns away. */
  @ParameterizedTest
  @CsvSource({"BETWEEN_ROWS, 3 4 1 2, 11 12 9 10", "ON_ROWS, 7 8 5 6, 7 8 5 6"})
  void rowsContinueOverThePole(Poles poles, String north, String south) {
    Tensor globe = new Tensor(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 1, 1, 3, 4);
    GridPadding padding = new GridPadding(3, 4, true, 8, poles, Set.of());
    assertThat(row(padding.pad(globe), padding.rowsBefore() - 1)).isEqualTo(north);
    assertThat(row(padding.pad(globe), padding.rowsBefore() + 3)).isEqualTo(south);
  }

  @Test
  void windTurnsOverThePole() {
    float[] cells = {1, 2, 3, 4, 5, 6, 7, 8};
    Tensor globe = new Tensor(cells, 1, 2, 1, 4);
    GridPadding padding = new GridPadding(1, 4, true, 4, Poles.BETWEEN_ROWS, Set.of(1));
    Tensor padded = padding.pad(globe);
    assertThat(row(padded, 0)).isEqualTo("3 4 1 2");
    assertThat(row(padded, 1)).isEqualTo("1 2 3 4");
    assertThat(row(padded, 4)).isEqualTo("-7 -8 -5 -6");
    assertThat(row(padded, 5)).isEqualTo("5 6 7 8");
  }

  /** The four columns of the grid itself, of a row counted over all planes. */
  private static String row(Tensor padded, int row) {
    int columns = (int) padded.shape()[3];
    StringBuilder text = new StringBuilder();
    for (int j = 0; j < 4; j++) {
      text.append(' ').append((int) padded.values()[row * columns + (columns - 4) / 2 + j]);
    }
    return text.substring(1);
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
