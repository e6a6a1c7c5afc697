package etesian.pipeline.learn;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.operators.Weights;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.ChampionTimeline;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.learn.Learning.LearningCodec;
import etesian.pipeline.learn.Learning.Outcome;
import etesian.pipeline.learn.ModelEvent.Kind;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Learning of whole simulated streams, by S-MNN. */
class LearningTest {
  private static final StreamSettings STREAM = Worlds.stream();
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final double SLOW = 0.1;
  private static final double FAST = 0.9;
  private static final int CHANGE = 500;

  @TempDir private Path folder;
  private WeightsStore store;
  private final List<ModelEvent> events = new ArrayList<>();
  private final List<Champion> promoted = new ArrayList<>();

  @BeforeEach
  void openStore() {
    store = new WeightsStore(folder);
  }

  @Test
  void afterTheWorldHasChangedAChallengerEarnsItsPlace() {
    List<float[]> series = Worlds.series(1500, 1, day -> day < CHANGE ? SLOW : FAST);
    Champion first = champion(Worlds.weights(SLOW, series.subList(0, CHANGE)));
    learn(first, tuning(), series);

    assertThat(kinds()).contains(Kind.DRIFT, Kind.TRAINED, Kind.CANDIDATE, Kind.PROMOTED);
    assertThat(promoted).isNotEmpty();
    Champion second = promoted.get(0);
    assertThat(second.parent()).isEqualTo(first.weightsSha256());
    assertThat(second.effectiveFrom()).isAfter(Worlds.day(CHANGE));
    assertThat(store.get(second.weightsSha256()).metadata())
        .containsEntry("lineage.parent", first.weightsSha256());
    ModelEvent promotion = event(Kind.PROMOTED);
    assertThat(promotion.evidence().get("e_value")).isGreaterThanOrEqualTo(100);
    assertThat(promotion.evidence().get("relative_gain")).isPositive();
    assertThat(promotion.effectiveFrom()).isEqualTo(second.effectiveFrom());
    ChampionTimeline timeline = new ChampionTimeline();
    timeline.add(promoted.get(promoted.size() - 1));
    assertThat(timeline.at(Worlds.day(CHANGE)))
        .map(Champion::weightsSha256)
        .contains(first.weightsSha256());
  }

  @Test
  void inAWorldThatStaysNothingIsPromoted() {
    List<float[]> series = Worlds.series(1500, 2, day -> SLOW);
    learn(champion(Worlds.weights(SLOW, series.subList(0, CHANGE))), tuning(), series);
    assertThat(kinds()).contains(Kind.CANDIDATE).doesNotContain(Kind.PROMOTED);
  }

  /** A candidate that is right for a while is promoted; then the old world comes back. */
  @Test
  void whenTheOldWorldComesBackTheChampionBeforeServesAgain() {
    List<float[]> series = Worlds.series(1500, 3, day -> day < CHANGE ? FAST : SLOW);
    Champion first = champion(Worlds.weights(SLOW, series));
    Tutor fast =
        (sha256, champion, windows, lesson) ->
            lesson == 0
                ? Tutor.Lesson.of(Worlds.weights(FAST, series), Map.of())
                : Tutor.Lesson.failed("no second lesson", Map.of());
    learn(first, tuning(60, false, 0.01), series, fast);
    assertThat(promoted)
        .extracting(Champion::weightsSha256)
        .containsExactly(store.put(Worlds.weights(FAST, series)), first.weightsSha256());
    assertThat(promoted.get(1).effectiveFrom()).isAfter(Worlds.day(CHANGE));
    ModelEvent back = event(Kind.ROLLED_BACK);
    assertThat(back.weightsSha256()).isEqualTo(first.weightsSha256());
    assertThat(back.evidence().get("e_value")).isGreaterThanOrEqualTo(100);
  }

  @Test
  void aPlantedBadChallengerIsNeverPromoted() {
    List<float[]> series = Worlds.series(900, 4, day -> SLOW);
    Champion first = champion(Worlds.weights(SLOW, series.subList(0, CHANGE)));
    Tutor noisy =
        (sha256, champion, windows, lesson) -> {
          double decay = SLOW * Math.exp(new Random(lesson).nextBoolean() ? 1.5 : -1.5);
          return Tutor.Lesson.of(
              Worlds.weights(decay, series.subList(0, CHANGE - lesson)), Map.of());
        };
    learn(first, tuning(50, false, 0.01), series, noisy);
    assertThat(kinds()).contains(Kind.CANDIDATE).doesNotContain(Kind.PROMOTED);
  }

  @Test
  void aConstantFieldTeachesNothingAndSaysSo() {
    List<float[]> series = Worlds.series(CHANGE, 5, day -> SLOW);
    Champion first = champion(Worlds.weights(SLOW, series));
    List<float[]> stuck = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      stuck.add(series.get(0));
    }
    learn(first, tuning(), stuck);
    assertThat(promoted).isEmpty();
    assertThat(event(Kind.REFUSED).reason()).contains("are the same");
  }

  @Test
  void aTutorThatFailsLeavesTheChampionServing() {
    List<float[]> series = Worlds.series(400, 6, day -> SLOW);
    Tutor failing =
        (sha256, champion, windows, lesson) -> Tutor.Lesson.failed("a NaN loss", Map.of());
    learn(champion(Worlds.weights(SLOW, series)), tuning(), series, failing);
    assertThat(event(Kind.REFUSED).reason()).isEqualTo("a NaN loss");
    assertThat(promoted).isEmpty();
  }

  @Test
  void weightsOfAnotherStreamAreRefusedOnceAndNobodyStumbles() {
    List<float[]> series = Worlds.series(400, 7, day -> SLOW);
    Weights good = Worlds.weights(SLOW, series);
    Map<String, String> metadata = new LinkedHashMap<>(good.metadata());
    metadata.put("stream.grid", "9 9 50.0 0.0 10.0 10.0");
    Tutor wrong =
        (sha256, champion, windows, lesson) ->
            Tutor.Lesson.of(new Weights(metadata, good.tensors()), Map.of());
    learn(champion(good), tuning(), series, wrong);
    assertThat(events.stream().filter(e -> e.event() == Kind.REFUSED))
        .isNotEmpty()
        .allMatch(e -> e.reason().contains("the weights are for"));
    assertThat(promoted).isEmpty();
  }

  /** A gap of a year: no window reaches over it, and learning goes on after it. */
  @Test
  void aStreamThatStopsForMonthsGoesOn() {
    List<float[]> series = Worlds.series(1200, 8, day -> SLOW);
    Learning learning = learning(champion(Worlds.weights(SLOW, series)), tuning());
    try (Workshop workshop = workshop(Tutors.of(STREAM, tuning(), store, List.of()))) {
      for (int day = 0; day < 1200; day++) {
        if (day < 300 || day >= 700) {
          learning.observe(Worlds.day(day), series.get(day));
          note(LearningLoop.catchUp(learning, workshop, NOW));
        }
      }
    }
    assertThat(events.stream().map(ModelEvent::issueTime))
        .noneMatch(time -> time.isAfter(Worlds.day(299)) && time.isBefore(Worlds.day(700)))
        .anyMatch(time -> time.isAfter(Worlds.day(700)));
  }

  @Test
  void afterARestartTheSameDecisionsAreMade() throws IOException {
    List<float[]> series = Worlds.series(1100, 1, day -> day < CHANGE ? SLOW : FAST);
    Champion first = champion(Worlds.weights(SLOW, series.subList(0, CHANGE)));
    learn(first, tuning(), series);
    List<ModelEvent> whole = List.copyOf(events);
    events.clear();

    LearningCodec codec = new LearningCodec(STREAM, tuning());
    Learning learning = learning(first, tuning());
    for (int day = 0; day < series.size(); day++) {
      try (Workshop workshop = workshop(Tutors.of(STREAM, tuning(), store, List.of()))) {
        learning.observe(Worlds.day(day), series.get(day));
        note(LearningLoop.catchUp(learning, workshop, NOW));
      }
      if (day % 100 == 99) {
        learning = PromotionTestTest.roundTrip(codec, learning);
      }
    }
    assertThat(events).isEqualTo(whole);
  }

  @Test
  void aChampionFromOutsideEndsTheContest() {
    List<float[]> series = Worlds.series(300, 9, day -> SLOW);
    Champion first = champion(Worlds.weights(SLOW, series));
    Learning learning = learning(first, tuning(60, false, 0.01));
    try (Workshop workshop = workshop(Tutors.of(STREAM, tuning(), store, List.of()))) {
      int day = 0;
      while (learning.candidate().isEmpty()) {
        learning.observe(Worlds.day(day), series.get(day++));
        LearningLoop.catchUp(learning, workshop, NOW);
      }
      String candidate = learning.candidate();
      String manual = store.put(Worlds.weights(0.2, series));
      Champion other = first.then("smnn", manual, Worlds.day(day));
      assertThat(learning.crown(other, NOW))
          .singleElement()
          .matches(e -> e.event() == Kind.REJECTED && e.weightsSha256().equals(candidate));
      assertThat(learning.contestants()).containsExactly(manual);
      assertThat(learning.crown(first, NOW)).as("an old record").isEmpty();
      assertThat(learning.champion()).contains(other);
    }
  }

  private Champion champion(Weights weights) {
    return new Champion("t2m", "smnn", store.put(weights), Champion.ALWAYS, null);
  }

  private static TuningSettings tuning() {
    return tuning(100, true, 0.01);
  }

  private static TuningSettings tuning(int every, boolean drift, double rate) {
    return new TuningSettings(
        every,
        drift,
        60,
        TuningSettings.Layers.ALL,
        1,
        60,
        Duration.ofMinutes(1),
        0.05,
        1e-3,
        0,
        rate,
        60,
        1,
        1);
  }

  private void learn(Champion first, TuningSettings tuning, List<float[]> series) {
    learn(first, tuning, series, Tutors.of(STREAM, tuning, store, List.of()));
  }

  private void learn(Champion first, TuningSettings tuning, List<float[]> series, Tutor tutor) {
    Learning learning = learning(first, tuning);
    try (Workshop workshop = workshop(tutor)) {
      for (int day = 0; day < series.size(); day++) {
        learning.observe(Worlds.day(day), series.get(day));
        note(LearningLoop.catchUp(learning, workshop, NOW));
      }
    }
  }

  private static Learning learning(Champion first, TuningSettings tuning) {
    Learning learning = new Learning(STREAM, tuning);
    learning.crown(first, NOW);
    return learning;
  }

  private Workshop workshop(Tutor tutor) {
    return new Workshop(STREAM, store, tutor);
  }

  private void note(List<Outcome> outcomes) {
    for (Outcome outcome : outcomes) {
      events.addAll(outcome.events());
      outcome.champion().ifPresent(promoted::add);
    }
  }

  private List<Kind> kinds() {
    return events.stream().map(ModelEvent::event).toList();
  }

  private ModelEvent event(Kind kind) {
    return events.stream().filter(e -> e.event() == kind).findFirst().orElseThrow();
  }
}
