package etesian.pipeline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import etesian.ingest.field.TimeStep;
import etesian.pipeline.Samples;
import etesian.pipeline.climatology.Harmonics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChannelsTest {
  private static final TimeStep SIX_HOURLY = TimeStep.parse("PT6H");

  @Test
  void hoursAreTheHistoryOldestFirstAndTheAngleOfTheNewest() {
    int cells = Samples.GRID.cells();
    List<Instant> times = new ArrayList<>();
    List<float[]> frames = new ArrayList<>();
    for (int t = 0; t < 40; t++) {
      times.add(Samples.hour(6 * t));
      float[] frame = new float[cells];
      frame[0] = t % 3;
      frames.add(frame);
    }
    Standardiser standardiser = Standardiser.fit(Harmonics.forStep(SIX_HOURLY), 1, times, frames);
    assertThat(Channels.HOURS.count(1, 3, SIX_HOURLY)).isEqualTo(5);
    float[] hours = new float[5 * cells];
    float[] history = new float[3 * cells];
    Instant six = Samples.hour(6);
    for (Channels channels : List.of(Channels.HOURS, Channels.HISTORY)) {
      channels.write(
          frames.subList(4, 7),
          six,
          SIX_HOURLY,
          Samples.GRID,
          standardiser,
          channels == Channels.HOURS ? hours : history,
          0);
    }
    assertThat(hours).startsWith(history);
    for (int cell = 0; cell < cells; cell++) {
      assertThat(hours[3 * cells + cell]).isCloseTo(1, within(1e-6f)); // sine of a quarter
      assertThat(hours[4 * cells + cell]).isCloseTo(0, within(1e-6f));
    }
  }

  @Test
  void aDayHasAsManyStepsAsFitIntoIt() {
    assertThat(Channels.stepsPerDay(TimeStep.parse("PT1H"))).isEqualTo(24);
    assertThat(Channels.stepsPerDay(SIX_HOURLY)).isEqualTo(4);
    assertThat(Channels.stepsPerDay(TimeStep.parse("PT7H"))).isZero();
    assertThat(Channels.stepsPerDay(TimeStep.parse("P1D"))).isZero();
    assertThat(Channels.stepsPerDay(TimeStep.parse("P1M"))).isZero();
    assertThat(Channels.stepOfDay(Samples.hour(18), SIX_HOURLY)).isEqualTo(3);
    assertThat(Channels.stepOfDay(Samples.hour(24), SIX_HOURLY)).isZero();
  }
}
