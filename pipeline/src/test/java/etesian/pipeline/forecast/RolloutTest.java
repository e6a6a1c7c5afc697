package etesian.pipeline.forecast;

import static etesian.pipeline.Samples.hour;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.pipeline.Samples;
import etesian.pipeline.ensemble.Member;
import etesian.pipeline.window.FieldWindow;
import java.util.List;
import org.junit.jupiter.api.Test;

class RolloutTest {
  /** Settings may leave the ensemble out and ask for a longer history in one edit. */
  @Test
  void whatIsLeftOfAnEnsembleDoesNotFitALongerHistory() {
    Rollout waiting = Rollout.of(new FieldWindow("t2m", List.of(Samples.t2m(hour(0), 280))), 2);
    Member member = new Member(0, waiting.frames());
    Rollout ensemble = waiting.with(List.of(member, member), 2);
    assertThat(ensemble.alone(1).fits(Samples.stream(1, 4))).isTrue();
    assertThat(ensemble.alone(3).fits(Samples.stream(3, 4))).isFalse();
  }
}
