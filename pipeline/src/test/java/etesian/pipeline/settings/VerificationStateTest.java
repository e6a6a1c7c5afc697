package etesian.pipeline.settings;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Grid;
import etesian.ingest.field.TimeStep;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerificationStateTest {
  private static final Grid SIX_CELLS = new Grid(2, 3, 50, 0, 10, 10);

  /**
   * By hand: leads 1, 3 and 12 issued every 6 steps wait 1 + 1 + 2 at a time; a 6-hourly
   * climatology has 1 + 2 * 2 + 2 * 2 + 4 * 2 = 17 features; 6 cells * (16 * 4 + 16 * 3 + 4 * 12 +
   * 8 * 17) = 6 * 296. With a retention of 40 steps, 7 steps of each lead may be scored again, and
   * 40 observations replaced: 6 * (16 * 21 + 4 * 40) more.
   */
  @Test
  void itCountsWaitingStepsRegressionsAnomaliesAndClimatology() {
    StreamSettings stream = stream(SIX_CELLS, 6, 1, 3, 12);
    assertThat(VerificationState.bytes(stream.withRetention(0))).isEqualTo(1776);
    assertThat(VerificationState.bytes(stream.withRetention(40))).isEqualTo(1776 + 2976);
  }

  @Test
  void withoutVerifiedLeadsNothingIsHeld() {
    assertThat(VerificationState.bytes(stream(SIX_CELLS, 6))).isZero();
  }

  @Test
  void theWholeEarthDoesNotOverflow() {
    Grid earth = new Grid(721, 1440, 90, 0, 0.25, 0.25);
    // 40 leads, each issue: 820 waiting steps. 1038240 * (13120 + 640 + 160 + 136)
    StreamSettings stream = stream(earth, 1, leads(40)).withRetention(0);
    assertThat(VerificationState.bytes(stream)).isEqualTo(1_038_240L * 14_056);
    assertThat(VerificationState.problem(List.of(stream), 512))
        .hasValueSatisfying(problem -> assertThat(problem).contains("820 waiting steps"));
  }

  @Test
  void theStreamsShareTheBudgetAndAGridThatIsNotKnownCountsAsNothing() {
    // 1200 * 1000 cells * (16 B * 1 step + 16 B * 1 lead + 4 B * 1 anomaly + 8 B * 17 features)
    StreamSettings large = stream(new Grid(1200, 1000, 60, 0, 0.1, 0.1), 1, 1).withRetention(0);
    StreamSettings unknown = stream(null, 1, leads(40));
    assertThat(VerificationState.problem(List.of(large, unknown), 197)).isEmpty();
    assertThat(VerificationState.problem(List.of(large, unknown, large), 197))
        .hasValueSatisfying(
            problem ->
                assertThat(problem)
                    .contains("would hold 393.7 MiB of state, the budget is 197 MiB"));
  }

  @Test
  void everyVariableCountsOnItsOwn() {
    StreamSettings two =
        stream(SIX_CELLS, 6, 1)
            .withRetention(0)
            .withVariables(
                List.of(new StreamVariable("u10", "m s-1"), new StreamVariable("v10", "m s-1")));
    assertThat(VerificationState.bytes(two)).isEqualTo(2 * 6 * (16 + 16 + 4 + 8 * 17));
    assertThat(VerificationState.problem(List.of(two), 0).get())
        .contains("6 cells * 2 variables * (16 B");
  }

  /** By hand: 4 steps of lead 4 wait, each with 5 members: 6 cells * 4 * 4 B * 5 more. */
  @Test
  void aStepOfAnEnsembleWaitsWithItsMembers() {
    StreamSettings one = stream(SIX_CELLS, 1, 4).withRetention(0);
    StreamSettings five =
        one.withEnsemble(new EnsembleSettings(5, 0.1, 3, 500, true, 0, List.of(), false, 0));
    assertThat(VerificationState.bytes(five) - VerificationState.bytes(one)).isEqualTo(6 * 4 * 20);
    assertThat(VerificationState.problem(List.of(five), 0).get())
        .contains("6 cells * (36 B * 4 waiting steps + 36 B * 0 scored steps");
  }

  private static Integer[] leads(int horizon) {
    Integer[] leads = new Integer[horizon];
    for (int lead = 1; lead <= horizon; lead++) {
      leads[lead - 1] = lead;
    }
    return leads;
  }

  private static StreamSettings stream(Grid grid, int issueEvery, Integer... leads) {
    return new StreamSettings(
        "t2m",
        "era5",
        "t2m",
        "K",
        grid,
        TimeStep.parse("PT6H"),
        1,
        40,
        issueEvery,
        Instant.EPOCH,
        StreamSettings.FROM_THE_FIRST,
        Duration.ZERO,
        "m2no",
        List.of(leads));
  }
}
