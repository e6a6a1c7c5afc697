package etesian.operators.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScheduleTest {
  @Test
  void theRateRisesInTheFirstTwentiethAndFallsAlongACosine() {
    assertThat(Schedule.WARM_UP_COSINE.factor(0)).isZero();
    assertThat(Schedule.WARM_UP_COSINE.factor(0.025)).isEqualTo(0.5, within(1e-12));
    assertThat(Schedule.WARM_UP_COSINE.factor(0.05)).isEqualTo(1, within(1e-12));
    assertThat(Schedule.WARM_UP_COSINE.factor(0.525)).isEqualTo(0.5, within(1e-12));
    assertThat(Schedule.WARM_UP_COSINE.factor(1)).isZero();
  }

  @Test
  void halvingTakesFiveSteps() {
    assertThat(Schedule.HALVING.factor(0.19)).isEqualTo(1);
    assertThat(Schedule.HALVING.factor(0.2)).isEqualTo(0.5);
    assertThat(Schedule.HALVING.factor(0.99)).isEqualTo(0.0625);
  }
}
