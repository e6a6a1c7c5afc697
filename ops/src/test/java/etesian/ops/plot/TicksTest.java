package etesian.ops.plot;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;

class TicksTest {
  @Property(tries = 500)
  void anAxisHoldsItsRangeWithFewRoundSteps(
      @ForAll @DoubleRange(min = -1e4, max = 1e4) double low,
      @ForAll @Scale(4) @DoubleRange(min = 1e-3, max = 1e4) double span) {
    Ticks ticks = Ticks.around(low, low + span, 7);
    double slack = 1e-5 * ticks.step();
    assertThat(ticks.low()).isLessThanOrEqualTo(low + slack);
    assertThat(ticks.high()).isGreaterThanOrEqualTo(low + span - slack);
    assertThat(ticks.all()).hasSizeBetween(2, 10);
    double mantissa = ticks.step() / Math.pow(10, Math.floor(Math.log10(ticks.step()) + 1e-9));
    assertThat(Math.round(mantissa * 1e6) / 1e6).isIn(1.0, 2.0, 5.0);
  }

  @Test
  void labelsHaveTheDigitsOfTheStep() {
    Ticks ticks = Ticks.around(-0.3, 0.25, 6);
    assertThat(ticks.all().stream().map(ticks::label))
        .containsExactly("−0.3", "−0.2", "−0.1", "0.0", "0.1", "0.2", "0.3");
    assertThat(Ticks.around(271.3, 304.1, 7).label(300)).isEqualTo("300");
  }

  @Test
  void aFieldOfOneValueHasAnAxisToo() {
    Ticks ticks = Ticks.around(280, 280, 7);
    assertThat(ticks.high()).isGreaterThan(ticks.low());
  }
}
