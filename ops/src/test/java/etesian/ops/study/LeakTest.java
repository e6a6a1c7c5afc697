package etesian.ops.study;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.learn.ModelEvent.Kind;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Another world from some time on: nothing that was forecast, learned or decided until then may
 * differ by a bit, whichever way the learning goes.
 */
class LeakTest {
  private static final StreamSettings STREAM = SmallSeries.stream("P1D", 6);
  private static final int[] LEADS = {1, 4, 12};
  private static final int DAYS = 260;
  private static final int SPLIT = 120;
  private static final int CHANGE = 220;
  private static final TuningSettings TUNING =
      TuningSettings.OFF.with(
          t ->
              t.every(25)
                  .drift(true)
                  .rank(1)
                  .steps(30)
                  .learningRate(0.05)
                  .falsePromotionRate(0.2)
                  .longRun(false)
                  .replayMebibytes(1));

  /** Both worlds are one until the split: the first weights are the same. */
  @TempDir private static Path folder;

  private static String frozen;

  @BeforeAll
  static void trainOnWhatBothWorldsShare() {
    frozen = study(series(DAYS)).train(SmallSeries.fields(STREAM, series(DAYS)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatComesLaterChangesNothingBefore(boolean tested) {
    LearningStudy.Replay one = replay(series(DAYS), tested);
    LearningStudy.Replay other = replay(changed(), tested);
    for (int at = SPLIT; at < CHANGE; at++) {
      assertThat(championAt(one, at)).as("champion of day %d", at).isEqualTo(championAt(other, at));
      for (int lead = 0; lead < LEADS.length; lead++) {
        if (at + LEADS[lead] < CHANGE) {
          assertThat(one.errors().rmse(at, at + 1)[lead])
              .as("error of day %d at lead %d", at, LEADS[lead])
              .isEqualTo(other.errors().rmse(at, at + 1)[lead]);
        }
      }
    }
    assertThat(eventsBefore(one)).isNotEmpty().isEqualTo(eventsBefore(other));
    assertThat(one.errors().rmse(CHANGE, DAYS)).isNotEqualTo(other.errors().rmse(CHANGE, DAYS));
  }

  @Test
  void theComparisonHasSomethingToCompare() {
    LearningStudy.Replay untested = replay(series(DAYS), false);
    assertThat(championAt(untested, SPLIT)).isNotEqualTo(championAt(untested, CHANGE - 1));
    assertThat(untested.events()).anyMatch(noted -> noted.event().event() == Kind.TRAINED);
  }

  private static LearningStudy.Replay replay(float[][] series, boolean tested) {
    return study(series).replay(tested, frozen, TUNING);
  }

  private static LearningStudy study(float[][] series) {
    return new LearningStudy(
        STREAM,
        new Truth(STREAM, SmallSeries.fields(STREAM, series), SPLIT),
        LEADS,
        new WeightsStore(folder),
        Duration.ofSeconds(2));
  }

  private static Optional<String> championAt(LearningStudy.Replay replay, int day) {
    return replay
        .champions()
        .at(SmallSeries.fields(STREAM, new float[day + 1][6]).get(day).frame().validAt())
        .map(Champion::weightsSha256);
  }

  private static List<LearningStudy.Noted> eventsBefore(LearningStudy.Replay replay) {
    return replay.events().stream().filter(noted -> noted.at() < CHANGE).toList();
  }

  private static float[][] series(int days) {
    Random random = new Random(1);
    float[][] series = new float[days][6];
    double[] x = new double[6];
    for (float[] field : series) {
      for (int cell = 0; cell < x.length; cell++) {
        x[cell] = 0.9 * x[cell] + random.nextGaussian();
        field[cell] = (float) (280 + x[cell]);
      }
    }
    return series;
  }

  /** From the change on with a large constant and with noise. */
  private static float[][] changed() {
    Random random = new Random(2);
    float[][] series = series(DAYS);
    for (int day = CHANGE; day < DAYS; day++) {
      for (int cell = 0; cell < 6; cell++) {
        series[day][cell] += (float) (500 + 10 * random.nextGaussian());
      }
    }
    return series;
  }
}
