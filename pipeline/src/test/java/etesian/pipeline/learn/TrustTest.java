package etesian.pipeline.learn;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.operators.Weights;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.learn.ModelEvent.Kind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of a bad lesson among those that are trusted, in simulated worlds that stay. */
class TrustTest extends LearningFixture {
  private static final int WORLDS = 20;
  private static final int DAYS = 1700;

  /** The decay that forecasts best, as the first fields of a history are smoothed. */
  private static final double BEST = 0.9 * Math.exp(-0.5);

  private static final List<float[]> NORMAL = Worlds.series(4000, 77, day -> FAST);

  /**
   * The decay is off by a factor of e^0.5, half of the time up and half down, which costs 1 to 5 %
   * of the square error; no lesson comes after it. Its own windows let it pass at times, as they
   * are few; whoever it replaced takes its place again.
   */
  @Test
  void aBadLessonThatServesGivesWayToTheOneBeforeIt() {
    int served = 0;
    int back = 0;
    for (int world = 0; world < WORLDS; world++) {
      events.clear();
      promoted.clear();
      String bad = livesThrough(world);
      List<String> champions = promoted.stream().map(Champion::weightsSha256).toList();
      if (champions.contains(bad)) {
        served++;
        int at = champions.indexOf(bad);
        assertThat(kinds()).contains(Kind.ROLLED_BACK);
        assertThat(champions.get(at + 1)).isEqualTo(champions.get(at - 1));
        back++;
      }
    }
    assertThat(served).as("it is the guard that is simulated").isGreaterThan(2);
    assertThat(back).isEqualTo(served);
  }

  /** SHA-256 of the bad lesson; ends when something was rolled back. */
  private String livesThrough(int world) {
    List<float[]> series = Worlds.series(DAYS, 1000 + world, day -> FAST);
    Weights bad = Worlds.weights(BEST * Math.exp(world % 2 == 0 ? 0.5 : -0.5), NORMAL);
    Champion first = champion(Worlds.weights(SLOW, NORMAL));
    Learning learning = learning(first, tuning(60, false, 0.01));
    boolean[] planted = {false};
    Tutor tutor =
        (sha256, champion, windows, lesson) -> {
          if (planted[0]) {
            return Tutor.Lesson.failed("no lesson after it", Map.of());
          }
          planted[0] = learning.isTrusted();
          double good = BEST * (1 + (lesson % 2 == 0 ? 0.002 : -0.002) * lesson);
          return Tutor.Lesson.of(planted[0] ? bad : Worlds.weights(good, NORMAL), Map.of());
        };
    try (Workshop workshop = workshop(tutor)) {
      for (int day = 0; day < DAYS && !kinds().contains(Kind.ROLLED_BACK); day++) {
        follow(learning, workshop, series, day, day + 1);
      }
    }
    return store.put(bad);
  }
}
