package etesian.pipeline.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import etesian.operators.Weights;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.ChampionTimeline;
import etesian.pipeline.learn.ModelEvent.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Champions from outside, and those that cannot forecast. */
class SuccessionTest extends LearningFixture {
  @Test
  void aChampionFromOutsideEndsTheContest() {
    List<float[]> series = Worlds.series(300, 9, day -> SLOW);
    Champion first = champion(Worlds.weights(SLOW, series));
    Learning learning = learning(first, tuning(60, false, 0.01));
    try (Workshop workshop = workshop(Tutors.of(STREAM, tuning(), store))) {
      int day = 0;
      while (learning.candidate().isEmpty()) {
        learning.observe(Worlds.day(day), series.get(day++), NOW);
        LearningLoop.catchUp(learning, workshop, NOW);
      }
      String candidate = learning.candidate();
      String manual = store.put(Worlds.weights(0.2, series));
      Champion other = first.then("smnn", manual, Worlds.day(day));
      List<ModelEvent> said = learning.crown(other, NOW).events();
      assertThat(said).extracting(ModelEvent::event).containsExactly(Kind.ADOPTED, Kind.REJECTED);
      assertThat(said).extracting(ModelEvent::weightsSha256).containsExactly(manual, candidate);
      assertThat(said.get(0).reason()).contains("made champion elsewhere");
      assertThat(learning.contestants()).containsExactly(manual);
      assertThat(learning.candidate()).isEmpty();
      assertThat(learning.crown(first, NOW).events()).as("an old record").isEmpty();
      assertThat(learning.crown(other, NOW).events()).as("once more").isEmpty();
      assertThat(learning.champion()).contains(other);
    }
  }

  /** The forecasts pass it over, too: whoever served before goes on. */
  @Test
  void aChampionFromOutsideThatCannotForecastIsRefusedAndTheOneBeforeGoesOn() throws IOException {
    List<float[]> series = Worlds.series(300, 9, day -> SLOW);
    Weights good = Worlds.weights(SLOW, series);
    Champion first = champion(good);
    Map<String, String> metadata = new LinkedHashMap<>(good.metadata());
    metadata.put("stream.grid", "9 9 50.0 0.0 10.0 10.0");
    String broken = store.put(new Weights(metadata, good.tensors()));
    LearningCodec codec = new LearningCodec(STREAM, tuning());
    Learning learning = learning(first, tuning());
    try (Workshop workshop = workshop(Tutors.of(STREAM, tuning(), store))) {
      for (int day = 0; day < 200; day++) {
        learning.observe(Worlds.day(day), series.get(day), NOW);
        note(LearningLoop.catchUp(learning, workshop, NOW));
        if (day == 100) {
          learning.crown(first.then("smnn", broken, Worlds.day(day)), NOW);
          learning = RoundTrip.of(codec, learning);
        } else if (day > 100) { // a restart reads the topic
          learning.begin(List.of(first, first.then("smnn", broken, Worlds.day(100))), NOW);
        }
      }
    }
    assertThat(events.stream().filter(e -> broken.equals(e.weightsSha256())))
        .singleElement()
        .matches(e -> e.event() == Kind.REFUSED && e.reason().contains("the weights are for"));
    assertThat(learning.champion()).contains(first);
    assertThat(learning.candidate()).as("lessons go on").isNotEmpty();
  }

  /**
   * Of several the newest usable one, as with the forecasts; whoever announces it again means it.
   */
  @Test
  void championsThatCannotForecastAreLetGoOfOneByOne() throws IOException {
    List<float[]> series = Worlds.series(130, 9, day -> SLOW);
    Champion first = champion(Worlds.weights(SLOW, series));
    Champion second = first.then("smnn", "b".repeat(64), Worlds.day(30));
    Champion third = new Champion("t2m", "smnn", damaged(series), Worlds.day(40), null);
    LearningCodec codec = new LearningCodec(STREAM, tuning());
    for (boolean announcedAtStart : new boolean[] {true, false}) {
      events.clear();
      Learning learning = new Learning(STREAM, tuning());
      if (announcedAtStart) {
        assertThat(learning.begin(List.of(first, second, third), NOW).events())
            .as("adopted")
            .isEmpty();
      } else {
        for (Champion champion : List.of(first, second, third)) {
          learning.crown(champion, NOW);
        }
      }
      learning = RoundTrip.of(codec, learning);
      Tutor none = (sha256, champion, windows, lesson) -> Tutor.Lesson.failed("none", Map.of());
      try (Workshop workshop = workshop(none)) {
        follow(learning, workshop, series, 0, 20);
        assertThat(learning.champion().map(Champion::weightsSha256))
            .contains(first.weightsSha256());
        assertThat(refusedWeights()).containsExactly(third.weightsSha256(), second.weightsSha256());
        learning = RoundTrip.of(codec, learning);
        assertThat(learning.begin(List.of(first, second, third), NOW).events()).isEmpty();
        learning.crown(second, NOW);
        assertThat(learning.champion()).contains(second);
        follow(learning, workshop, series, 20, 40);
        assertThat(learning.champion().map(Champion::weightsSha256))
            .contains(first.weightsSha256());
        assertThat(refusedWeights()).hasSize(3);
      }
    }
  }

  /** As the forecasts take them: at the start, while it runs, and when it fails and goes on. */
  @Test
  void ofSeveralChampionsOfOneIssueTimeTheLastCounts() throws IOException {
    Champion first = named("a", Champion.ALWAYS);
    Champion replaced = first.then("smnn", "b".repeat(64), Worlds.day(30));
    Champion last = replaced.then("smnn", "c".repeat(64), Worlds.day(30));
    Champion later = named("d", Worlds.day(40));
    Learning fresh = new Learning(STREAM, tuning());
    fresh.begin(List.of(first, replaced, last), NOW);
    assertThat(fresh.succession.weights()).isEqualTo(last.weightsSha256());

    Learning running = new Learning(STREAM, tuning());
    running.begin(List.of(first, replaced), NOW);
    running.crown(last, NOW);
    running = RoundTrip.of(new LearningCodec(STREAM, tuning()), running);
    assertThat(running.begin(List.of(first, replaced), NOW).events())
        .as("known at its submission")
        .isEmpty();
    assertThat(running.succession.weights()).isEqualTo(last.weightsSha256());

    Learning fallen = new Learning(STREAM, tuning());
    fallen.begin(List.of(first, replaced, last, later), NOW);
    assertThat(fallen.succession.fallBack()).isTrue();
    assertThat(fallen.succession.weights()).isEqualTo(last.weightsSha256());
    assertThat(fallen.begin(List.of(first, later), NOW).events()).as("has failed").isEmpty();
    assertThat(fallen.succession.weights()).isEqualTo(last.weightsSha256());
  }

  /**
   * A person sees committed records only: a promotion may be on its way to the topic, and then come
   * before theirs or after.
   */
  @ParameterizedTest
  @CsvSource({"19, true", "20, true", "21, true", "22, true", "19, false", "20, false"})
  void theLastWordIsThatOfThePersonAlsoWhenAPromotionWasOnItsWay(
      int byHandFrom, boolean promotionIsFirst) {
    Champion first = named("a", Champion.ALWAYS);
    Learning learning = learning(first, tuning());
    List<float[]> series = Worlds.series(25, 9, day -> SLOW);
    for (int day = 0; day < 20; day++) {
      learning.observe(Worlds.day(day), series.get(day), NOW);
    }
    Champion promoted = learning.succession.crown("b".repeat(64), Worlds.day(20));
    Champion byHand = first.then("smnn", "c".repeat(64), Worlds.day(byHandFrom));
    List<Champion> topic =
        new ArrayList<>(promotionIsFirst ? List.of(promoted, byHand) : List.of(byHand, promoted));
    for (int next = 0; next < topic.size(); next++) { // what it says comes back, too
      learning.crown(topic.get(next), NOW).champion().ifPresent(topic::add);
    }
    assertThat(topic).hasSize(3);
    ChampionTimeline running = new ChampionTimeline();
    running.add(first);
    topic.forEach(running::add);
    ChampionTimeline fresh = new ChampionTimeline();
    fresh.add(topic.get(2)); // which is all that is left of a compacted topic
    for (int day = 0; day < 30; day++) {
      assertThat(running.at(Worlds.day(day)).map(Champion::weightsSha256))
          .isEqualTo(fresh.at(Worlds.day(day)).map(Champion::weightsSha256));
    }
    assertThat(learning.champion()).contains(topic.get(2));
    assertThat(topic.get(2).weightsSha256()).isEqualTo(byHand.weightsSha256());
    assertThat(topic.get(2).effectiveFrom()).isEqualTo(Worlds.day(Math.max(20, byHandFrom)));
  }

  private static Champion named(String digit, Instant from) {
    return new Champion("t2m", "smnn", digit.repeat(64), from, null);
  }

  /** The compacted topic holds the last record alone, and that knows of those before. */
  @Test
  void aFirstChampionThatCannotForecastGivesWayToTheOneItNames() {
    List<float[]> series = Worlds.series(60, 9, day -> SLOW);
    Champion first = champion(Worlds.weights(SLOW, series));
    Learning learning = new Learning(STREAM, tuning());
    learning.begin(List.of(first.then("smnn", damaged(series), Worlds.day(10))), NOW);
    try (Workshop workshop = workshop((sha256, champion, windows, lesson) -> null)) {
      follow(learning, workshop, series, 0, 20);
    }
    assertThat(learning.champion()).contains(first);
  }

  /** Its file can be learned from and not forecast with: that says nothing for the candidate. */
  @Test
  void nothingIsWonAgainstAChampionThatCannotForecast() {
    List<float[]> series = Worlds.series(400, 9, day -> SLOW);
    Tutor tutor =
        (sha256, champion, windows, lesson) ->
            Tutor.Lesson.of(Worlds.weights(SLOW - 0.001 * lesson, series), Map.of());
    learn(
        new Champion("t2m", "smnn", damaged(series), Champion.ALWAYS, null),
        tuning(60, false, 0.01),
        series,
        tutor);
    assertThat(kinds()).contains(Kind.CANDIDATE).doesNotContain(Kind.PROMOTED);
    assertThat(kinds()).containsOnlyOnce(Kind.REFUSED);
  }

  @Test
  void candidatesBesideAChampionThatCannotForecastAreRejected() throws IOException {
    List<float[]> series = Worlds.series(300, 9, day -> SLOW);
    Champion first = champion(Worlds.weights(SLOW, series));
    Learning learning = learning(first, tuning(60, false, 0.01));
    learning.crown(first.then("smnn", store.put(Worlds.weights(0.2, series)), Worlds.day(5)), NOW);
    int day = 0;
    try (Workshop workshop = workshop(Tutors.of(STREAM, tuning(), store))) {
      while (learning.candidate().isEmpty()) {
        follow(learning, workshop, series, day, ++day);
      }
    }
    String champion = learning.champion().orElseThrow().weightsSha256();
    String candidate = learning.candidate();
    Files.delete(Path.of(store.location(champion)));
    events.clear();
    try (Workshop restarted = workshop(Tutors.of(STREAM, tuning(), store))) {
      follow(learning, restarted, series, day, day + 1);
    }
    assertThat(events)
        .extracting(ModelEvent::event, ModelEvent::weightsSha256)
        .containsExactly(tuple(Kind.REFUSED, champion), tuple(Kind.REJECTED, candidate));
    assertThat(learning.champion()).contains(first);
    assertThat(learning.candidate()).isEmpty();
  }

  @Test
  void aFileThatIsAwayForAMomentIsWaitedFor() throws IOException {
    List<float[]> series = Worlds.series(60, 9, day -> SLOW);
    Champion first = champion(Worlds.weights(SLOW, series));
    Path file = Path.of(store.location(first.weightsSha256()));
    Path elsewhere = Files.move(file, folder.resolve("elsewhere"));
    Learning learning = learning(first, tuning());
    Tutor none = (sha256, champion, windows, lesson) -> Tutor.Lesson.failed("none", Map.of());
    try (Workshop workshop = new Workshop(STREAM, store, none, Duration.ofMinutes(9))) {
      follow(learning, workshop, series, 0, 30);
      assertThat(events).isEmpty();
      Files.move(elsewhere, file);
      assertThat(LearningLoop.catchUp(learning, workshop, NOW)).as("judged").hasSizeGreaterThan(20);
      assertThat(events).isEmpty();
    }
  }

  private List<String> refusedWeights() {
    return events.stream()
        .filter(e -> e.event() == Kind.REFUSED && !e.reason().equals("none"))
        .map(ModelEvent::weightsSha256)
        .toList();
  }
}
