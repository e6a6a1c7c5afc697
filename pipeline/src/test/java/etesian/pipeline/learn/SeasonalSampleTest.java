package etesian.pipeline.learn;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.TimeStep;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SeasonalSampleTest {
  private static final Instant ANCHOR = Instant.parse("2000-01-01T00:00:00Z");
  private static final TimeStep DAY = TimeStep.parse("P1D");

  private static final List<Long> FOUR_YEARS = LongStream.range(0, 1461).boxed().toList();

  @Test
  void ofEachMonthThereAreAsMany() {
    assertThat(
            sample(DAY, 1, FOUR_YEARS).issues().stream()
                .collect(
                    Collectors.groupingBy(
                        day -> DAY.plus(ANCHOR, day).atOffset(ZoneOffset.UTC).getMonth(),
                        Collectors.counting()))
                .values())
        .hasSize(12)
        .containsOnly(3L);
  }

  @Test
  void belowADayThereAreAsManyOfEachQuarterOfTheDay() {
    TimeStep hour = TimeStep.parse("PT1H");
    List<Long> january = LongStream.range(0, 31 * 24).boxed().toList();
    assertThat(
            sample(hour, 1, january).issues().stream()
                .collect(Collectors.groupingBy(step -> step % 24 / 6, Collectors.counting()))
                .values())
        .hasSize(4)
        .containsOnly(3L);
  }

  @Test
  void theOrderOfWindowsDoesNotMatterButTheSeedDoes() {
    List<Long> shuffled = new ArrayList<>(FOUR_YEARS);
    Collections.shuffle(shuffled, new Random(1));
    SeasonalSample inOrder = sample(DAY, 1, FOUR_YEARS);
    assertThat(sample(DAY, 1, shuffled).issues()).isEqualTo(inOrder.issues());
    assertThat(sample(DAY, 2, FOUR_YEARS).issues()).isNotEqualTo(inOrder.issues());
  }

  @Test
  void whatGivesWayIsTold() {
    SeasonalSample sample = sample(DAY, 1, List.of());
    assertThat(sample.draw(0, 1)).isEmpty();
    long loser = sample.draw(1, 1).orElseThrow();
    assertThat(loser).isBetween(0L, 1L);
    assertThat(sample.contains(loser)).isFalse();
    assertThat(sample.contains(1 - loser)).isTrue();
    assertThat(sample.draw(loser, 1)).as("offered again").hasValue(loser);
  }

  @Test
  void aSpanHasAWindowFromItsFirstStepToItsLast() {
    SeasonalSample sample = sample(DAY, 1, List.of(10L));
    assertThat(sample.hasAny(8, 10)).isTrue();
    assertThat(sample.hasAny(10, 12)).isTrue();
    assertThat(sample.hasAny(8, 9)).isFalse();
    assertThat(sample.hasAny(11, 12)).isFalse();
  }

  /** Three windows of each stratum. */
  private static SeasonalSample sample(TimeStep step, long seed, List<Long> offered) {
    SeasonalSample sample = new SeasonalSample(step, ANCHOR, seed);
    offered.forEach(issue -> sample.draw(issue, 3));
    return sample;
  }
}
