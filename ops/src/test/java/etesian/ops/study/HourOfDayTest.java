package etesian.ops.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import etesian.ingest.field.Field;
import etesian.pipeline.settings.StreamSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A world of which a share remains that depends on the quarter of the day, driven by a noise of
 * deviation 0.5: no forecast of one step is better than 0.5.
 */
class HourOfDayTest {
  private static final double[] KEPT = {0.98, 0.2, 0.9, 0.5};
  private static final double NOISE = 0.5;
  private static final int[] LEADS = {1};
  private static final StreamSettings STREAM = SmallSeries.stream("PT6H", 2);

  @Test
  void coefficientsByTheHourReachTheNoise() {
    Truth truth = new Truth(STREAM, fields());
    assertThat(new HourOfDay(STREAM, truth, LEADS).rmse(2)[0]).isCloseTo(NOISE, within(0.03));
    assertThat(new Damped(truth, LEADS, 0).rmse(2)[0]).isGreaterThan(NOISE + 0.04);
  }

  @Test
  void aGapIsNeverBridged() {
    List<Field> gappy = new ArrayList<>(fields());
    gappy.subList(2600, 2640).clear();
    Truth truth = new Truth(STREAM, gappy);
    assertThat(truth.complete(2600, 2)).isFalse();
    assertThat(truth.complete(2603, 4)).isTrue();
    assertThat(new HourOfDay(STREAM, truth, LEADS).rmse(2)[0]).isCloseTo(NOISE, within(0.03));
  }

  @Test
  void onlyStepsBelowADayHaveHours() {
    assertThat(HourOfDay.applies(STREAM)).isTrue();
    assertThat(HourOfDay.applies(SmallSeries.stream("P1D", 2))).isFalse();
    assertThat(HourOfDay.applies(SmallSeries.stream("P1M", 2))).isFalse();
  }

  private static List<Field> fields() {
    Random random = new Random(2);
    float[][] series = new float[3000][SmallSeries.GRID.cells()];
    double[] state = new double[series[0].length];
    for (int t = 0; t < series.length; t++) {
      for (int cell = 0; cell < state.length; cell++) {
        series[t][cell] = (float) (280 + state[cell]);
        state[cell] = KEPT[t % 4] * state[cell] + NOISE * random.nextGaussian();
      }
    }
    return SmallSeries.fields(STREAM, series);
  }
}
