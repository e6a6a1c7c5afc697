package etesian.ops.study;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ops.study.DriftStudy.Spans;
import etesian.ops.study.DriftStudy.Stretch;
import etesian.pipeline.settings.TuningSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One short world: a year to train, half a year as before, then two changes. */
class DriftStudyTest {
  private static final TuningSettings TUNING =
      TuningSettings.OFF.with(
          t ->
              t.every(60)
                  .drift(true)
                  .atLeast(120)
                  .rank(1)
                  .steps(100)
                  .budget(Duration.ofHours(1))
                  .learningRate(0.02)
                  .climatologyYears(1)
                  .falsePromotionRate(0.05)
                  .blocks(50)
                  .replayMebibytes(1));

  private static List<Stretch> stretches;

  @BeforeAll
  static void run(@TempDir Path folder) {
    stretches = new DriftStudy(new Spans(365, 180, 400, 400, 60), TUNING, folder).run(3);
  }

  @Test
  void whileNothingChangesNothingIsNoticedAndNothingPromoted() {
    Stretch same = stretches.get(0);
    assertThat(same.drifts()).isZero();
    assertThat(same.promoted()).isZero();
    assertThat(same.learning()).containsExactly(same.frozen());
    assertThat(same.noticed()).isNaN();
  }

  @Test
  void eachChangeIsNoticedAndAnswered() {
    for (Stretch change : stretches.subList(1, 3)) {
      assertThat(change.noticed()).as(change.name()).isBetween(0.0, 400.0);
      assertThat(change.promoted()).as(change.name()).isPositive();
      assertThat(change.recovered())
          .as("skill comes back after the promotion that brings it")
          .isGreaterThan(change.answered());
    }
  }

  @Test
  void learningLiesBetweenTheFrozenModelAndTheOracle() {
    Stretch drifted = stretches.get(1);
    for (int lead = 0; lead < DriftStudy.LEADS.length; lead++) {
      assertThat(drifted.learning()[lead])
          .isBetween(drifted.oracle()[lead], drifted.frozen()[lead]);
    }
    Stretch changed = stretches.get(2);
    int last = DriftStudy.LEADS.length - 1;
    assertThat(changed.learning()[last])
        .isLessThan((changed.frozen()[last] + changed.oracle()[last]) / 2);
  }
}
