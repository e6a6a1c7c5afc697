package etesian.pipeline.learn;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.pipeline.champion.Champion;
import etesian.pipeline.learn.DriftDetector.Rule;
import etesian.pipeline.learn.ModelEvent.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is taken for a change of the world. */
class DriftWatchTest extends LearningFixture {
  /** What is normal moves by two deviations; the dynamics stay. */
  @Test
  void aMeanThatMovesIsNoticedInTheInput() {
    List<float[]> series =
        Worlds.series(
            400,
            4,
            new Worlds.Physics() {
              @Override
              public double decay(int day) {
                return FAST;
              }

              @Override
              public double mean(int day) {
                return day < 300 ? 280 : 286;
              }
            });
    Champion first = champion(Worlds.weights(FAST, series.subList(0, 300)));
    learn(first, tuning(0, true, 0.01), series);
    assertThat(
            events.stream().filter(e -> e.reason().contains("the mean of the fields has gone up")))
        .isNotEmpty()
        .allMatch(e -> e.issueTime().isAfter(Worlds.day(298)))
        .allMatch(e -> e.parent().equals(e.weightsSha256()))
        .allMatch(e -> e.evidence().get("drift_statistic") > e.evidence().get("drift_threshold"))
        .allMatch(e -> e.evidence().get("drift_values") >= Rule.DEFAULT.warmUp())
        .first()
        .matches(e -> e.parent().equals(first.weightsSha256()));
  }

  /** Its normal is another, and all fields are far from it: the world has not moved. */
  @Test
  void anotherNormalOfAnotherChampionIsNoDriftOfTheInput() {
    List<float[]> series = Worlds.series(300, 4, day -> FAST);
    List<float[]> warm = new ArrayList<>();
    for (float[] field : series) {
      float[] warmer = field.clone();
      for (int cell = 0; cell < warmer.length; cell++) {
        warmer[cell] += 6;
      }
      warm.add(warmer);
    }
    Champion first = champion(Worlds.weights(FAST, series));
    Learning learning = learning(first, tuning(0, true, 0.01));
    Tutor none = (sha256, champion, windows, lesson) -> Tutor.Lesson.failed("none", Map.of());
    try (Workshop workshop = workshop(none)) {
      follow(learning, workshop, series, 0, 150);
      String other = store.put(Worlds.weights(FAST, warm));
      learning.crown(first.then("smnn", other, Worlds.day(150)), NOW);
      follow(learning, workshop, series, 150, 300);
    }
    assertThat(events).noneMatch(e -> e.reason().contains("the mean of the fields"));
  }

  /** Of twenty stable worlds of 1000 days. */
  @Test
  void theInputOfAWorldThatStaysIsSeldomCalledADrift() {
    int alarms = 0;
    for (int seed = 0; seed < 20; seed++) {
      List<float[]> series = Worlds.series(1000, 100 + seed, day -> SLOW);
      events.clear();
      Learning learning = learning(champion(Worlds.weights(SLOW, series)), tuning(0, true, 0.01));
      Tutor none = (sha256, champion, windows, lesson) -> Tutor.Lesson.failed("none", Map.of());
      try (Workshop workshop = workshop(none)) {
        for (int day = 0; day < series.size(); day++) {
          learning.observe(Worlds.day(day), series.get(day), NOW);
          note(LearningLoop.catchUp(learning, workshop, NOW));
        }
      }
      alarms +=
          (int)
              events.stream()
                  .filter(e -> e.event() == Kind.DRIFT && e.reason().contains("the mean"))
                  .count();
    }
    assertThat(alarms).as("false alarms in 20,000 days").isLessThanOrEqualTo(10);
  }
}
