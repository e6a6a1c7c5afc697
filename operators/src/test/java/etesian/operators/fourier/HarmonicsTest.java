package etesian.operators.fourier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HarmonicsTest {
  @Test
  void theFirstFunctionsAreThoseOfTheBooks() {
    double theta = 0.7;
    double[] table = Harmonics.table(new double[] {theta}, 3, 3);
    double cos = Math.cos(theta);
    double sin = Math.sin(theta);
    assertThat(table)
        .containsExactly(
            new double[] {
              1 / Math.sqrt(4 * Math.PI),
              Math.sqrt(3 / (4 * Math.PI)) * cos,
              Math.sqrt(5 / (16 * Math.PI)) * (3 * cos * cos - 1),
              0,
              -Math.sqrt(3 / (8 * Math.PI)) * sin,
              -Math.sqrt(15 / (8 * Math.PI)) * sin * cos,
              0,
              0,
              Math.sqrt(15 / (32 * Math.PI)) * sin * sin
            },
            within(1e-14));
  }

  /** Nodes 1, sqrt(1/5), -sqrt(1/5), -1. */
  @Test
  void fourRowsOfLobattoAreThoseOfTheBooks() {
    double[][] rule = SphereGrid.LOBATTO.rule(4);
    double inside = Math.acos(Math.sqrt(0.2));
    assertThat(rule[0])
        .containsExactly(new double[] {0, inside, Math.PI - inside, Math.PI}, within(1e-14));
    assertThat(rule[1])
        .containsExactly(new double[] {1 / 6.0, 5 / 6.0, 5 / 6.0, 1 / 6.0}, within(1e-14));
  }

  @ParameterizedTest
  @EnumSource(SphereGrid.class)
  void weightsIntegrateWhatAGridCanTellApart(SphereGrid grid) {
    for (int rows : new int[] {3, 8, 9, 24, 25}) {
      double[][] rule = grid.rule(rows);
      assertThat(Arrays.stream(rule[1]).sum()).isEqualTo(2, within(1e-13));
      int degrees = grid.degrees(rows);
      double[] table = Harmonics.table(rule[0], degrees, degrees);
      for (int m = 0; m < degrees; m++) {
        for (int l = m; l < degrees; l++) {
          int first = (m * degrees + l) * rows;
          int second = (m * degrees + m) * rows;
          double product =
              IntStream.range(0, rows)
                  .mapToDouble(k -> rule[1][k] * table[first + k] * table[second + k])
                  .sum();
          double expected = l == m ? 1 / (2 * Math.PI) : 0;
          assertThat(product)
              .as("%s %d rows, %d %d", grid, rows, l, m)
              .isEqualTo(expected, within(1e-12));
        }
      }
    }
  }
}
