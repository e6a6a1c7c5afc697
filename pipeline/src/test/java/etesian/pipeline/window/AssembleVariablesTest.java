package etesian.pipeline.window;

import static etesian.pipeline.Samples.hour;
import static etesian.pipeline.Samples.t2m;
import static etesian.pipeline.Samples.u10;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.pipeline.Samples;
import etesian.pipeline.settings.GapPolicy;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Windows of a stream of several variables. */
class AssembleVariablesTest extends AssembleFixture {
  /** The stream of two variables in the place of that of one. */
  private void startWithTwo(GapPolicy gaps) throws Exception {
    harness.close();
    stream = Samples.streamOfTwo(2, 4).withGaps(gaps).withRetention(4);
    start();
  }

  @Test
  void aWindowIsCompleteWhenEachMemberHasEachVariable() throws Exception {
    startWithTwo(GapPolicy.WAIT);
    receive(u10(hour(0), 3));
    receiveHours(0, 6);
    assertThat(windows()).isEmpty();
    receive(u10(hour(6), 4));
    assertThat(windows()).hasSize(1);
    assertThat(windows().get(0).members())
        .containsExactly(
            List.of(t2m(hour(0), 0), u10(hour(0), 3)), List.of(t2m(hour(6), 6), u10(hour(6), 4)));
  }

  @Test
  void aBetterFieldOfEitherVariableIssuesExactlyWhatItTouchesAgain() throws Exception {
    startWithTwo(GapPolicy.WAIT);
    for (int hour = 0; hour <= 18; hour += 6) {
      receive(t2m(hour(hour), hour, 0));
      receive(u10(hour(hour), hour, 0));
    }
    assertThat(issued()).containsExactly("6 r0", "12 r0", "18 r0");
    receive(u10(hour(12), 50, 1));
    assertThat(issued()).endsWith("18 r0", "12 r1", "18 r1").hasSize(5);
    assertThat(windows().get(3).newest()).containsExactly(t2m(hour(12), 12, 0), u10(hour(12), 50));
    receive(u10(hour(12), 50, 0)); // of the same values
    receive(t2m(hour(18), 50, 1));
    assertThat(issued()).endsWith("18 r1", "18 r2").hasSize(6);
  }

  @Test
  void aLateFieldOfOneVariableGivesTheWindowsThatItCompletes() throws Exception {
    startWithTwo(GapPolicy.WAIT);
    for (int hour = 0; hour <= 18; hour += 6) {
      receive(t2m(hour(hour), hour));
      if (hour != 6) {
        receive(u10(hour(hour), hour));
      }
      watermark(hour(hour).minusMillis(1));
    }
    assertThat(issued()).containsExactly("18 r0");
    receive(u10(hour(6), 6));
    assertThat(issued()).containsExactly("18 r0", "6 r0", "12 r0");
  }

  @Test
  void aGapOfOneVariableIsHeldByItsOwnLastField() throws Exception {
    startWithTwo(new GapPolicy.Hold(1));
    receiveHours(0, 6);
    receive(u10(hour(0), 3));
    watermark(hour(6));
    assertThat(issued()).containsExactly("6 r0 held 1");
    assertThat(windows().get(0).newest()).containsExactly(t2m(hour(6), 6), u10(hour(0), 3));
    receive(u10(hour(6), 4));
    assertThat(issued()).endsWith("6 r1").hasSize(2);
  }

  @Test
  void halfATimeSurvivesARestart() throws Exception {
    startWithTwo(GapPolicy.WAIT);
    receiveHours(0, 6);
    receive(u10(hour(6), 4));
    restart();
    receive(u10(hour(0), 3));
    assertThat(issued()).containsExactly("6 r0");
  }

  @Test
  void eachVariableIsKeptOnceAndLetGo() throws Exception {
    startWithTwo(GapPolicy.WAIT);
    for (int step = 0; step < 30; step++) {
      receive(t2m(hour(6 * step), step));
      receive(u10(hour(6 * step), step));
      watermark(hour(6 * step));
    }
    assertThat(fieldsKept()).isEqualTo(2 * 5);
    watermark(Instant.ofEpochMilli(Long.MAX_VALUE));
    assertThat(fieldsKept()).isZero();
  }

  @Test
  void aVariableThatTheStreamGaveUpLeavesNothingBehind() throws Exception {
    startWithTwo(GapPolicy.WAIT);
    receiveHours(0, 6);
    receive(u10(hour(0), 3));
    stream = Samples.stream(2, 4);
    restart();
    receiveHours(12);
    watermark(hour(12));
    assertThat(issued()).containsExactly("12 r0");
    assertThat(fieldsKept()).isEqualTo(3);
  }
}
