package etesian.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimedCaseTest {
  private static final Case.Limits BRIEF = new Case.Limits(3, 0);
  private final List<String> log = new ArrayList<>();

  @Test
  void bothPassesRunInTurnsAndAreFreed() throws Exception {
    Map<String, Object> figures =
        new TimedCase("x", () -> work("ours", 1, 2), () -> work("peer", 1, 4)).measure(BRIEF);
    List<String> rounds = List.of("ours", "peer", "ours", "peer", "ours", "peer");
    assertThat(log)
        .startsWith("ours", "peer") // memory
        .containsSubsequence(rounds)
        .endsWith("peer freed", "ours freed");
    assertThat(log.stream().filter("ours"::equals)).hasSize(1 + 2 + 3);
    assertThat(figures)
        .containsEntry("repeats", 3)
        .containsEntry("peer_repeats", 3)
        .containsEntry("deviation", 0.5) // 2 instead of 4, greatest value 4
        .containsKeys("median_ms", "minimum_ms", "peak_mib", "times_faster");
  }

  @Test
  void theHeapThatAPassTakesIsCountedWithoutItsResults() throws Exception {
    byte[][] kept = new byte[1][];
    Work.Setup setup = () -> Work.onTheHeap(() -> kept[0] = new byte[10 << 20], 4 << 20);
    Map<String, Object> figures = new TimedCase("x", setup).measure(BRIEF);
    assertThat((Double) figures.get("allocated_mib")).isBetween(10.0, 10.5);
    assertThat((Double) figures.get("beyond_results_mib")).isBetween(6.0, 6.5);
    assertThat(figures).doesNotContainKeys("peak_mib", "peer_median_ms", "deviation");
  }

  @Test
  void anEvenNumberOfTimesHasItsMedianBetweenTwo() {
    assertThat(TimedCase.median(new double[] {1, 2, 4, 9})).isEqualTo(3);
    assertThat(TimedCase.median(new double[] {1, 2, 9})).isEqualTo(2);
  }

  @Test
  void limitsThatMeasureNothingAreRefused() {
    assertThatThrownBy(() -> new Case.Limits(0, 1)).hasMessageContaining("at least 1");
  }

  private Work work(String name, float... output) {
    return new Work(() -> log.add(name), () -> output, 0, () -> log.add(name + " freed"));
  }
}
