package etesian.ops.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import etesian.pipeline.settings.StreamSettings;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Ten years of months; a field of year y, counted from 0, is y everywhere, plus 100 in June. */
class NormalsTest {
  private static final StreamSettings STREAM = SmallSeries.stream("P1M", 2);
  private static final int JUNE_OF_THE_LAST_YEAR = 9 * 12 + 5;

  @Test
  void theTrainingPartIsAveragedBySeason() {
    Truth truth = truth();
    double[] june = new Normals(truth, 0).training().get(truth.season(5));
    assertThat(june[0]).isCloseTo(100 + 3, within(1e-9)); // 84 months, years 0 to 6
    assertThat(new Normals(truth, 0).at(100).get(truth.season(5))[0]).isEqualTo(june[0]);
  }

  @Test
  void theNewestYearsAreThoseThatAreKnownByThen() {
    Truth truth = truth();
    Normals newest = new Normals(truth, 3);
    double[] june = newest.at(JUNE_OF_THE_LAST_YEAR).get(truth.season(5));
    double[] july = newest.at(JUNE_OF_THE_LAST_YEAR).get(truth.season(6));
    assertThat(june[0]).isCloseTo(100 + 8, within(1e-9)); // years 7, 8 and 9
    assertThat(july[0]).isCloseTo(7, within(1e-9)); // years 6, 7 and 8: that of year 9 is to come
  }

  @Test
  void theOrderOfQuestionsDoesNotMatter() {
    Truth truth = truth();
    Normals often = new Normals(truth, 3);
    for (int at : new int[] {90, 91, 119, 40, JUNE_OF_THE_LAST_YEAR, 3}) {
      double[] june = often.at(at).get(truth.season(5));
      double[] alone = new Normals(truth, 3).at(at).get(truth.season(5));
      assertThat(june == null).isEqualTo(alone == null);
      if (june != null) {
        assertThat(june[0]).isCloseTo(alone[0], within(1e-9));
      }
    }
    assertThat(often.at(3)).doesNotContainKey(truth.season(5));
  }

  @Test
  void aSeasonThatOnlyTheLastPartHasIsNamed() {
    Truth eight = truth(8); // five months and three
    assertThatThrownBy(() -> new Normals(eight, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2001-06-01T00:00Z (JUNE), the 5 times of the first part");
    assertThatCode(() -> new Normals(truth(18), 0)).doesNotThrowAnyException();
  }

  private static Truth truth() {
    return truth(120);
  }

  private static Truth truth(int months) {
    float[][] series = new float[months][SmallSeries.GRID.cells()];
    for (int t = 0; t < series.length; t++) {
      Arrays.fill(series[t], t / 12 + (t % 12 == 5 ? 100 : 0));
    }
    return new Truth(STREAM, SmallSeries.fields(STREAM, series));
  }
}
