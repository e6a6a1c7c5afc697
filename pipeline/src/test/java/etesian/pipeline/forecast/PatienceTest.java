package etesian.pipeline.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PatienceTest {
  private static final String ONE = "1".repeat(64);
  private static final String TWO = "2".repeat(64);

  private final Patience patience = new Patience(Duration.ofSeconds(1));

  @Test
  void pausesGrowUntilItIsEnough() {
    List<Long> seconds = new ArrayList<>();
    Optional<Duration> pause = patience.pause(ONE);
    while (pause.isPresent()) {
      seconds.add(pause.get().toSeconds());
      patience.passed(ONE);
      pause = patience.pause(ONE);
    }
    assertThat(seconds).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L);
    assertThat(patience.isPausing()).isFalse();
    assertThat(patience.pause(ONE)).as("asked for anew").contains(Duration.ofSeconds(1));
  }

  @Test
  void eachWeightsHaveTheirOwnPauses() {
    assertThat(patience.pause(ONE)).contains(Duration.ofSeconds(1));
    assertThat(patience.isPausing(ONE)).isTrue();
    assertThat(patience.isPausing(TWO)).isFalse();
    assertThat(patience.pause(TWO)).contains(Duration.ofSeconds(1));
    patience.passed(ONE);
    assertThat(patience.isPausing()).as("the other still").isTrue();
  }

  @Test
  void whatCameBackIsForgotten() {
    patience.pause(ONE);
    patience.passed(ONE);
    patience.forget(ONE);
    assertThat(patience.pause(ONE)).contains(Duration.ofSeconds(1));
  }
}
