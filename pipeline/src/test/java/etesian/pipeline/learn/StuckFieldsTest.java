package etesian.pipeline.learn;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.TimeStep;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields of three cells; a number stands for a field that varies. */
class StuckFieldsTest {
  private final Map<Long, float[]> fields = new HashMap<>();
  private StuckFields stuck = new StuckFields(TimeStep.parse("P1D"), 1);

  @Test
  void threeRepeatsInARowAreStuckAndTheFieldBeforeThemIsNot() {
    come(1, 2, 2, 2, 2, 3);
    assertThat(stuckSteps()).containsExactly(2L, 3L, 4L);
  }

  @Test
  void twoRepeatsInARowAreNot() {
    come(1, 2, 2, 2, 3, 3, 3, 2);
    assertThat(stuckSteps()).isEmpty();
  }

  /** A variable that is analysed once a day says the same of all its hours. */
  @ParameterizedTest
  @CsvSource({"PT1H, 24", "PT6H, 4", "PT7H, 4", "PT12H, 3", "P1D, 3", "P1M, 3"})
  void aRunOfRepeatsIsLongerThanADay(String step, int fewest) {
    stuck = new StuckFields(TimeStep.parse(step), 1);
    int[] same = new int[fewest];
    come(same);
    assertThat(stuckSteps()).isEmpty();
    come(fewest, field(0));
    assertThat(stuckSteps()).hasSize(fewest);
  }

  /** No rain anywhere is an observation, also where a cell is always missing. */
  @ParameterizedTest
  @ValueSource(floats = {0, Float.NaN})
  void aFieldThatIsTheSameEverywhereMayRepeat(float third) {
    for (int step = 0; step < 20; step++) {
      come(step, new float[] {0, 0, third});
    }
    assertThat(stuckSteps()).isEmpty();
  }

  @Test
  void missingValuesRepeatLikeOthers() {
    for (int step = 0; step < 5; step++) {
      come(step, new float[] {1, Float.NaN, 2});
    }
    assertThat(stuckSteps()).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void oneVariableIsEnoughAndSeveralDoNotAddUp() {
    stuck = new StuckFields(TimeStep.parse("P1D"), 2);
    float[][] both = {
      {1, 2, 5, 6}, {1, 2, 5, 7}, {1, 2, 5, 8}, {1, 3, 5, 8}, {1, 4, 5, 8}, {1, 5, 5, 8}
    };
    for (int step = 0; step < both.length; step++) {
      come(step, both[step]);
    }
    assertThat(stuckSteps())
        .as("two of the first, three of the second")
        .containsExactly(3L, 4L, 5L);
    assertThat(stuck.variable(4)).as("not known yet").isEmpty();
    assertThat(stuck.variable(5)).hasValue(1);
  }

  @Test
  void aGapEndsARun() {
    come(2, 2, 2);
    come(4, field(2));
    come(5, field(2));
    assertThat(stuckSteps()).isEmpty();
    come(3, field(2));
    assertThat(stuckSteps()).as("until it is filled").hasSize(5);
  }

  @Test
  void whatIsReplacedIsStuckNoMore() {
    come(1, 2, 2, 2, 2, 2, 3);
    come(4, field(7));
    assertThat(stuckSteps()).isEmpty();
    come(4, field(2));
    assertThat(stuckSteps()).containsExactly(2L, 3L, 4L, 5L);
  }

  /** The fields before are not asked for again. */
  @Test
  void aFieldOfARunWhoseBeginningIsLetGoStaysStuck() {
    come(2, 2, 2, 2, 2);
    for (long step = 0; step < 4; step++) {
      fields.remove(step);
      stuck.went(step);
    }
    assertThat(stuckSteps()).containsExactly(4L);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void theOrderInWhichFieldsComeMakesNoDifference(long seed) {
    Random random = new Random(seed);
    int[] series = random.ints(200, 0, 2).toArray();
    come(series);
    List<Long> inOrder = stuckSteps();
    assertThat(inOrder).hasSizeBetween(1, 150);
    fields.clear();
    stuck = new StuckFields(TimeStep.parse("P1D"), 1);
    List<Integer> order = new ArrayList<>(LongStream.range(0, 200).mapToObj(i -> (int) i).toList());
    Collections.shuffle(order, random);
    order.forEach(step -> come(step, field(series[step])));
    assertThat(stuckSteps()).isEqualTo(inOrder);
  }

  private void come(int... series) {
    for (int step = 0; step < series.length; step++) {
      come(step, field(series[step]));
    }
  }

  private void come(long step, float[] field) {
    fields.put(step, field);
    stuck.came(step, fields::get);
  }

  private static float[] field(int number) {
    return new float[] {1, 2, number};
  }

  private List<Long> stuckSteps() {
    return fields.keySet().stream().sorted().filter(step -> stuck.isAny(step, step)).toList();
  }
}
