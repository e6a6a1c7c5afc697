package etesian.pipeline.forecast;

import static etesian.pipeline.Samples.hour;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Forecast;
import etesian.pipeline.Samples;
import java.time.Instant;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

/** Windows whose fields were corrected: what went out is superseded, lead by lead. */
class RevisedRolloutsTest extends StepwiseForecasts {
  @Test
  void aRevisionInTheMiddleOfARolloutEndsItAndSupersedesWhatIsOut() throws Exception {
    receive(0);
    step();
    step();
    harness.receive(revised(0, 1, 380)); // while the third step is running
    step(); // its result is of no use any more
    assertThat(leads()).containsExactly(1, 2);
    steps(HORIZON);
    assertThat(issued())
        .containsExactly("1 r0", "2 r0", "1 r1 for 0", "2 r1 for 0", "3 r1", "4 r1");
    assertThat(values(hour(0))).containsExactly(281f, 282f, 381f, 382f, 383f, 384f);
  }

  @Test
  void aRevisionAfterTheEndOfARolloutSupersedesAllOfIt() throws Exception {
    receive(0);
    steps(HORIZON);
    harness.receive(revised(0, 1, 380));
    steps(HORIZON);
    assertThat(issued())
        .endsWith("1 r1 for 0", "2 r1 for 0", "3 r1 for 0", "4 r1 for 0")
        .hasSize(2 * HORIZON);
  }

  @Test
  void aRevisionThatIsItselfAbandonedIsSkippedInTheChain() throws Exception {
    receive(0);
    steps(HORIZON);
    harness.receive(revised(0, 1, 380));
    step(); // lead 1 of revision 1
    harness.receive(revised(0, 2, 480));
    step(); // lead 2 of revision 1 is abandoned
    steps(HORIZON);
    assertThat(issued())
        .endsWith("1 r1 for 0", "1 r2 for 1", "2 r2 for 0", "3 r2 for 0", "4 r2 for 0")
        .hasSize(2 * HORIZON + 1);
  }

  @Test
  void aRevisionOfAWindowThatWaitsTakesItsPlace() throws Exception {
    receive(0);
    receive(6); // waits while the first step is running
    harness.receive(revised(6, 1, 380));
    steps(1 + HORIZON);
    assertThat(issued(hour(6))).containsExactly("1 r1", "2 r1", "3 r1", "4 r1");
  }

  @Test
  void otherRolloutsOfTheBatchGoOn() throws Exception {
    receive(0);
    receive(6);
    step();
    step(); // both are in the third step now
    harness.receive(revised(0, 1, 380));
    steps(1 + HORIZON);
    assertThat(issued(hour(6))).containsExactly("1 r0", "2 r0", "3 r0", "4 r0");
  }

  @Test
  void whatWasIssuedIsKnownAfterARestartInTheMiddle() throws Exception {
    receive(0);
    step();
    step();
    harness.receive(revised(0, 1, 380));
    step();
    step(); // lead 1 of revision 1
    OperatorSubtaskState snapshot = harness.snapshot(1, 1);
    restart(Samples.stream(1, HORIZON), snapshot, List.of());
    steps(HORIZON - 1);
    assertThat(issued()).containsExactly("2 r1 for 0", "3 r1", "4 r1");
    harness.receive(revised(0, 2, 480));
    steps(HORIZON);
    assertThat(issued()).endsWith("1 r2 for 1", "2 r2 for 1", "3 r2 for 1", "4 r2 for 1");
  }

  @Test
  void whichChampionServesARevisionDependsOnItsIssueTime() throws Exception {
    receive(0);
    receive(6);
    steps(1 + HORIZON); // the first step is running without the second rollout
    harness.announce(champion(TEN, hour(6)));
    harness.receive(revised(0, 1, 380));
    harness.receive(revised(6, 1, 380));
    steps(2 * HORIZON);
    assertThat(values(hour(0))).contains(381f).doesNotContain(390f);
    assertThat(values(hour(6))).contains(390f).doesNotContain(381f);
  }

  @Test
  void whatWasIssuedIsLetGoByRetention() throws Exception {
    for (int step = 0; step < 20; step++) {
      receive(6 * step);
      steps(HORIZON);
      harness.advanceTime(hour(6 * step));
    }
    assertThat(harness.numKeyedStateEntries()).isEqualTo(HORIZON); // the retention of the stream
  }

  /** Lead, revision, and the revision that it supersedes if any. */
  private List<String> issued() {
    return harness.forecasts().stream().map(RevisedRolloutsTest::text).toList();
  }

  private List<String> issued(Instant issueTime) {
    return harness.forecasts(issueTime).stream().map(RevisedRolloutsTest::text).toList();
  }

  private static String text(Forecast forecast) {
    return forecast.firstLead()
        + " r"
        + forecast.revision()
        + (forecast.supersedes() == Forecast.NOTHING ? "" : " for " + forecast.supersedes());
  }
}
