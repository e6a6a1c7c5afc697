package etesian.operators.smnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** A field that varies strongly as (1, 1, 1, 1), weakly as (1, -1, 1, -1), on unequal cells. */
class PatternsTest {
  private static final double[] WEIGHTS = {1, 1, 1, 1, 0};
  private static final float[][] SERIES = series(400);

  @Test
  void thePatternsAreThoseOfTheGreatestVariance() {
    Patterns patterns = Patterns.leading(SERIES, WEIGHTS, 2);
    assertThat(patterns.count()).isEqualTo(2);
    float[] strong = {1, 1, 1, 1, Float.NaN};
    float[] weak = {1, -1, 1, -1, Float.NaN};
    assertThat(Math.abs(patterns.amplitudes(strong)[0])).isCloseTo(2, within(0.02));
    assertThat(Math.abs(patterns.amplitudes(weak)[1])).isCloseTo(2, within(0.02));
    assertThat(Math.abs(patterns.amplitudes(strong)[1])).isCloseTo(0, within(0.2));
  }

  @Test
  void amplitudesAddUpToTheField() {
    Patterns patterns = Patterns.leading(SERIES, WEIGHTS, 2);
    float[] field = new float[5];
    patterns.add(patterns.amplitudes(SERIES[7]), field, 0);
    for (int cell = 0; cell < 4; cell++) {
      assertThat(field[cell]).isCloseTo(SERIES[7][cell], within(1e-4f));
    }
    assertThat(field[4]).isZero();
  }

  @Test
  void heavyCellsCountMore() {
    double[] heavy = {100, 1e-3, 1e-3, 1e-3, 0};
    Patterns patterns = Patterns.leading(SERIES, heavy, 1);
    float[] first = {1, 0, 0, 0, 0};
    float[] second = {0, 1, 0, 0, 0};
    assertThat(Math.abs(patterns.amplitudes(first)[0]))
        .isGreaterThan(1000 * Math.abs(patterns.amplitudes(second)[0]));
  }

  @Test
  void thereAreNoMorePatternsThanCellsThatCount() {
    assertThat(Patterns.leading(SERIES, WEIGHTS, 9).count()).isEqualTo(4);
  }

  @Test
  void aFieldThatNeverVariesHasPatternsOfNothing() {
    Patterns patterns = Patterns.leading(new float[50][5], WEIGHTS, 2);
    assertThat(patterns.amplitudes(new float[] {1, 2, 3, 4, 5})).containsExactly(0, 0);
  }

  private static float[][] series(int times) {
    Random random = new Random(3);
    float[][] series = new float[times][5];
    for (float[] field : series) {
      double strong = 3 * random.nextGaussian();
      double weak = random.nextGaussian();
      for (int cell = 0; cell < 4; cell++) {
        field[cell] = (float) (strong + (cell % 2 == 0 ? weak : -weak));
      }
      field[4] = Float.NaN; // land
    }
    return series;
  }
}
