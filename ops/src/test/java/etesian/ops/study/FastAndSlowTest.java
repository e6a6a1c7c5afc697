package etesian.ops.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import etesian.ingest.field.Field;
import etesian.pipeline.settings.StreamSettings;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A world that is the sum of two red noises, of 2 and of 40 steps, both of deviation 1. */
class FastAndSlowTest {
  private static final int[] LEADS = {1, 12};
  private static final StreamSettings STREAM = SmallSeries.stream("P1D", 2);

  @Test
  void theTwoDecayTimesAreFound() {
    FastAndSlow.Numbers numbers = new FastAndSlow(truth(), LEADS, 0).numbers();
    assertThat(numbers.fast()).isCloseTo(2, within(0.5));
    assertThat(numbers.slow()).isCloseTo(40, within(12.0));
    assertThat(numbers.gain()).isBetween(0.05, 0.4);
  }

  @Test
  void whatIsRememberedForecastsBetterThanOneFactorForEachLead() {
    double[] modes = new FastAndSlow(truth(), LEADS, 0).rmse(2);
    double[] damped = new Damped(truth(), LEADS, 0).rmse(2);
    assertThat(modes[0]).isLessThan(damped[0]);
    assertThat(modes[1]).isLessThan(0.98 * damped[1]);
  }

  private static Truth truth() {
    Random random = new Random(1);
    float[][] series = new float[2400][SmallSeries.GRID.cells()];
    double[] fast = new double[series[0].length];
    double[] slow = new double[series[0].length];
    for (int t = 0; t < series.length; t++) {
      for (int cell = 0; cell < fast.length; cell++) {
        fast[cell] = red(fast[cell], 2, random);
        slow[cell] = red(slow[cell], 40, random);
        series[t][cell] = (float) (280 + fast[cell] + slow[cell]);
      }
    }
    List<Field> fields = SmallSeries.fields(STREAM, series);
    return new Truth(STREAM, fields);
  }

  private static double red(double state, double steps, Random random) {
    double kept = Math.exp(-1 / steps);
    return kept * state + Math.sqrt(1 - kept * kept) * random.nextGaussian();
  }
}
