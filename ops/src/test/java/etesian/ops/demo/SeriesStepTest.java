package etesian.ops.demo;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.TimeStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeriesStepTest {
  private static final Instant START = Instant.parse("2000-01-01T00:00:00Z");

  @Test
  void monthsAreMonths() {
    assertThat(SeriesStep.of(series("P1M", 30))).contains(TimeStep.parse("P1M"));
  }

  @Test
  void gapsBetweenSeptembersDoNotHideTheHours() {
    List<Instant> times = new ArrayList<>(series("PT1H", 720));
    series("PT1H", 720).forEach(time -> times.add(time.plusSeconds(365L * 86400)));
    assertThat(SeriesStep.of(times)).contains(TimeStep.parse("PT1H"));
  }

  @Test
  void aWanderingStepIsNone() {
    List<Instant> times = new ArrayList<>();
    for (Instant month : series("P1M", 30)) {
      times.add(month);
      times.add(month.plusSeconds(14L * 86400)); // the 1st and the 15th
    }
    assertThat(SeriesStep.of(times)).isEmpty();
  }

  private static List<Instant> series(String step, int count) {
    List<Instant> times = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      times.add(TimeStep.parse(step).plus(START, i));
    }
    return times;
  }
}
