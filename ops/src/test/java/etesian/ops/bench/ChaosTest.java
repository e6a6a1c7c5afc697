package etesian.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ops.bench.ChaosRecords.Comparison;
import etesian.ops.cluster.LocalCluster.Role;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The judge of a run: what counts as lost, double and different, and who is killed when. */
class ChaosTest {
  private static final Map<String, List<String>> RIGHT =
      Map.of("one", List.of("x"), "two", List.of("y"));

  @Test
  void theSameRecordsAreWithoutFault() {
    assertThat(ChaosRecords.compare(RIGHT, RIGHT)).isEqualTo(new Comparison(0, 0, 0));
  }

  @Test
  void aRecordThatIsNotThereIsLost() {
    assertThat(ChaosRecords.compare(RIGHT, Map.of("one", List.of("x"))))
        .isEqualTo(new Comparison(1, 0, 0));
  }

  @Test
  void aRecordThatIsThereAgainIsADuplicate() {
    assertThat(ChaosRecords.compare(RIGHT, Map.of("one", List.of("x", "x"), "two", List.of("y"))))
        .isEqualTo(new Comparison(0, 1, 0));
  }

  @Test
  void anotherContentIsDifferentAlsoWhenTheRightOneIsThereToo() {
    assertThat(ChaosRecords.compare(RIGHT, Map.of("one", List.of("z"), "two", List.of("y", "z"))))
        .isEqualTo(new Comparison(0, 1, 2));
  }

  @Test
  void aRecordThatNobodyExpectsIsDifferent() {
    assertThat(
            ChaosRecords.compare(
                RIGHT, Map.of("one", List.of("x"), "two", List.of("y"), "three", List.of("z"))))
        .isEqualTo(new Comparison(0, 0, 1));
  }

  @Test
  void aSeedGivesOnePlanInOrderOfTimeThatSparesNobody() {
    Duration run = Duration.ofMinutes(5);
    List<ChaosPlan.Kill> plan = ChaosPlan.of(9, 7, run);
    assertThat(plan).isEqualTo(ChaosPlan.of(9, 7, run)).isNotEqualTo(ChaosPlan.of(9, 8, run));
    assertThat(plan).extracting(ChaosPlan.Kill::at).isSorted();
    assertThat(plan).allMatch(kill -> kill.at().compareTo(run) < 0);
    for (int i = 0; i < 9; i += 3) {
      assertThat(plan.subList(i, i + 3))
          .extracting(ChaosPlan.Kill::role)
          .containsExactlyInAnyOrder(Role.values());
    }
  }

  @Test
  void theMedianOfRecoveriesIsOfTheMiddle() {
    assertThat(recovery(9, 1, 2)).isEqualTo(new ChaosReport.Recovery(2.0, 9.0));
    assertThat(recovery(9, 1, 2, 4)).isEqualTo(new ChaosReport.Recovery(3.0, 9.0));
    assertThat(recovery()).isEqualTo(new ChaosReport.Recovery(null, null));
  }

  private static ChaosReport.Recovery recovery(int... seconds) {
    return ChaosReport.Recovery.of(
        IntStream.of(seconds).mapToObj(s -> new ChaosReport.Kill("broker", 0, s)).toList());
  }
}
