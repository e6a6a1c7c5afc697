package etesian.pipeline.climatology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import etesian.ingest.field.TimeStep;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class HarmonicsTest {
  @Test
  void theStepDecidesWhichCyclesCanBeToldApart() {
    assertThat(Harmonics.forStep(TimeStep.parse("P1M"))).isEqualTo(new Harmonics(4, 0));
    assertThat(Harmonics.forStep(TimeStep.parse("P7D"))).isEqualTo(new Harmonics(3, 0));
    assertThat(Harmonics.forStep(TimeStep.parse("P1D"))).isEqualTo(new Harmonics(3, 0));
    assertThat(Harmonics.forStep(TimeStep.parse("PT12H"))).isEqualTo(new Harmonics(2, 1));
    assertThat(Harmonics.forStep(TimeStep.parse("PT6H"))).isEqualTo(new Harmonics(2, 2));
    assertThat(Harmonics.forStep(TimeStep.parse("PT1H"))).isEqualTo(new Harmonics(2, 3));
  }

  @Test
  void yearAndDayBeginTogetherAtNewYear() {
    double[] features = new Harmonics(1, 1).at(Instant.parse("2020-01-01T00:00:00Z"));
    assertThat(features).containsExactly(1, 1, 0, 1, 0, 1, 0, 0, 0);
  }

  @Test
  void sixInTheMorningIsAQuarterOfTheDay() {
    double[] features = new Harmonics(0, 1).at(Instant.parse("2021-07-01T06:00:00Z"));
    assertThat(features[1]).isCloseTo(0, within(1e-12));
    assertThat(features[2]).isCloseTo(1, within(1e-12));
  }

  @Property
  void thereAreAsManyFeaturesAsSaid(
      @ForAll @IntRange(max = 5) int annual, @ForAll @IntRange(max = 5) int diurnal) {
    Harmonics harmonics = new Harmonics(annual, diurnal);
    double[] features = harmonics.at(Instant.parse("2020-03-04T05:06:07Z"));
    assertThat(features).hasSize(harmonics.size()).doesNotContain(0);
  }
}
