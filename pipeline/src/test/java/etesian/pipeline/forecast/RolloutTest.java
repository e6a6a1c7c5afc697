package etesian.pipeline.forecast;

import static etesian.pipeline.Samples.hour;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import etesian.ingest.field.Forecast;
import etesian.pipeline.Samples;
import etesian.pipeline.ensemble.Member;
import etesian.pipeline.window.FieldWindow;
import java.util.Collections;
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

  @Test
  void aLongHorizonOnALargeGridIsSplitIntoMessages() {
    Rollout rollout = Rollout.of(new FieldWindow("t2m", List.of(Samples.t2m(hour(0), 280))));
    List<float[]> five = Collections.nCopies(5, new float[6]);
    assertThat(
            rollout.forecasts(
                Samples.stream(1, 5), rollout.steps(Samples.stream(1, 5), five), 2, Issued.NOTHING))
        .extracting(Forecast::firstLead, Forecast::lastLead)
        .containsExactly(tuple(1, 2), tuple(3, 4), tuple(5, 5));
  }
}
