package etesian.ingest.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnsembleTest {
  private static final float[] ONE = {1};
  private static final Ensemble PAIR =
      new Ensemble(2, ONE, List.of(new Ensemble.Quantile(0.5, ONE)), List.of(ONE, ONE));

  @Test
  void anEnsembleHasTwoMembersOrMore() {
    assertThatThrownBy(() -> new Ensemble(1, ONE, List.of(), List.of()))
        .hasMessage("an ensemble has at least two members, got 1");
  }

  @Test
  void itsMembersAreAllThereOrNone() {
    assertThatThrownBy(() -> new Ensemble(3, ONE, List.of(), List.of(ONE, ONE)))
        .hasMessageContaining("2 members of an ensemble of 3");
    assertThat(PAIR.withoutMembers().hasMembers()).isFalse();
  }

  @Test
  void aProbabilityLiesBetweenNoneAndAll() {
    assertThatThrownBy(() -> new Ensemble.Quantile(90, ONE))
        .hasMessageContaining("a probability of 0 to 1, got 90.0");
  }

  @Test
  void theStepsOfAForecastAreOfOneKind() {
    assertThatThrownBy(() -> forecast(step(1, PAIR), step(2, null)))
        .hasMessageContaining("is of one run")
        .hasMessageContaining("of 2 members");
    Ensemble three = new Ensemble(3, ONE, PAIR.quantiles(), List.of());
    assertThatThrownBy(() -> forecast(step(1, PAIR), step(2, three)))
        .hasMessageContaining("expected all steps of one kind");
  }

  @Test
  void membersCanBeLeftBehind() {
    Forecast whole = forecast(step(1, PAIR), step(2, PAIR));
    assertThat(whole.withoutMembers())
        .isEqualTo(forecast(step(1, PAIR.withoutMembers()), step(2, PAIR.withoutMembers())));
    Forecast run = forecast(step(1, null));
    assertThat(run.withoutMembers()).isSameAs(run);
  }

  private static Forecast.Step step(int lead, Ensemble ensemble) {
    return new Forecast.Step(lead, Instant.ofEpochSecond(lead), ONE, ensemble);
  }

  private static Forecast forecast(Forecast.Step... steps) {
    return new Forecast(
        "s",
        new Variable("t2m", "K", "", ""),
        new Grid(1, 1, 0, 0, 1, 1),
        Instant.EPOCH,
        0,
        List.of(steps),
        "m2no",
        "",
        List.of());
  }
}
