package etesian.ingest.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TimeStepTest {
  private static final Instant START = Instant.parse("1979-09-01T00:00:00Z");

  @Test
  void monthsFollowTheCalendar() {
    TimeStep month = TimeStep.parse("P1M");
    assertThat(month.plus(Instant.parse("2020-01-01T00:00:00Z"), 2))
        .isEqualTo("2020-03-01T00:00:00Z");
    assertThat(month.plus(Instant.parse("2020-03-01T00:00:00Z"), -14))
        .isEqualTo("2019-01-01T00:00:00Z");
  }

  @Test
  void aYearIsTwelveMonths() {
    assertThat(TimeStep.parse("P1Y")).isEqualTo(TimeStep.parse("P12M"));
  }

  @Test
  void aStepIsWrittenAsItIsRead() {
    for (String iso : new String[] {"PT30M", "PT1H", "PT6H", "P1D", "P7D", "P1M", "P3M"}) {
      assertThat(TimeStep.parse(iso)).hasToString(iso);
    }
  }

  @Test
  void theEndOfAMonthIsAStepToo() {
    TimeStep month = TimeStep.parse("P1M");
    Instant january = Instant.parse("2000-01-31T00:00:00Z");
    Instant february = Instant.parse("2001-02-28T00:00:00Z");
    assertThat(month.plus(january, 13)).isEqualTo(february);
    assertThat(month.indexOf(january, february)).isEqualTo(13);
  }

  @Test
  void somethingElseIsRefusedWithAnExample() {
    assertThatThrownBy(() -> TimeStep.parse("6 hours")).hasMessageContaining("PT6H");
    assertThatThrownBy(() -> TimeStep.parse("PT0S")).hasMessageContaining("positive");
  }

  @Property
  void theIndexOfAStepIsItsCount(
      @ForAll("steps") TimeStep step, @ForAll @IntRange(min = -5000, max = 5000) int count) {
    Instant time = step.plus(START, count);
    assertThat(step.indexOf(START, time)).isEqualTo(count);
    assertThat(step.indexOf(START, time.minusMillis(1))).isEqualTo(count - 1);
    assertThat(step.indexOf(START, time.plusMillis(1))).isEqualTo(count);
  }

  @Provide
  Arbitrary<TimeStep> steps() {
    return Arbitraries.of("PT1H", "PT6H", "P1D", "P7D", "P1M", "P3M").map(TimeStep::parse);
  }
}
