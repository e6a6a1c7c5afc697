package etesian.pipeline.model;

import static etesian.pipeline.Samples.hour;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.pipeline.climatology.Harmonics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StandardiserTest {
  private static final int VARIABLES = 2;

  /** Of the first variable one cell varies by 1 and one not at all; the second varies by 100. */
  private static final Standardiser STANDARDISER = standardiser();

  @Test
  void whatNobodyCanHaveSeenIsMissing() {
    for (float fill : new float[] {-9999, 9.96921e36f, 1e20f, Float.POSITIVE_INFINITY}) {
      assertThat(STANDARDISER.observed(new float[] {fill, fill, 0, 0}, VARIABLES))
          .containsExactly(Float.NaN, Float.NaN, 0, 0);
    }
  }

  @Test
  void aDesertMayHaveItsRain() {
    float[] rain = {0, 400, -9999, 0};
    assertThat(STANDARDISER.observed(rain, VARIABLES)).isSameAs(rain);
  }

  @Test
  void whatIsMissingStaysSo() {
    float[] frame = {Float.NaN, 0, 0, 0};
    assertThat(STANDARDISER.observed(frame, VARIABLES)).isSameAs(frame);
  }

  private static Standardiser standardiser() {
    List<Instant> times = new ArrayList<>();
    List<float[]> frames = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      float sign = i % 3 == 0 ? -2 : 1;
      times.add(hour(7 * i));
      frames.add(new float[] {sign, 0, 100 * sign, 100 * sign});
    }
    return Standardiser.fit(new Harmonics(0, 0), VARIABLES, times, frames);
  }
}
